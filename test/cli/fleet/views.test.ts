import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FleetStatus, Why } from 'lynchpin';
import { EXIT } from '#lynchpin/cli/exit.js';
import * as newer from '../../rpc/fixtures/new.js';
import * as older from '../../rpc/fixtures/old.js';
import { NewService, OldService } from '../../rpc/fixtures/services.js';
import { HubWorld, until } from '../../rpc/hub.js';
import { root } from '../../style/project.js';
import { inside, type Inside, type Said } from '../support/project.js';

/** What the page shows a command to print: the `text` block that follows it. */
function shownFor(command: string): string {
  const page = readFileSync(join(root, 'docs/guide/cli.md'), 'utf8');
  const [, after = ''] = page.split(`npx lynchpin ${command}\n\`\`\``);
  return /```text\n([\s\S]*?)```/.exec(after)?.[1] ?? 'nothing is shown';
}

/** As JSON has it. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

/** What differs from run to run, as the page has it. */
function steady(text: string): string {
  return text
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '2026-11-22T03:41:26.000Z')
    .replace(/\b((?:volume|api)-\d)\.[0-9a-f]{12}/g, (_, name: string) => `${name}.8a28717905b3`);
}

describe('the commands that look at a fleet', () => {
  let here: HubWorld;
  beforeEach(() => {
    here = new HubWorld();
  });
  afterEach(() => here.close());

  const lynchpin = (line: readonly string[], running: Inside = {}): Promise<Said> =>
    inside('', [...line, '--broker', 'memory:'], { hub: here.hub, columns: 140, ...running });
  const young = (name: string) =>
    here.bus(name, { service: 'volumes', build: '2026.2' }).bus.serve(newer.VolumeApi, new NewService(name), { server: name });
  const old = (name: string) =>
    here.bus(name, { service: 'volumes', build: '2026.1' }).bus.serve(older.VolumeApi, new OldService(name), { server: name });
  const client = (name: string) => here.bus(name, { service: 'api' }).bus.client(newer.VolumeApi);

  it('print what the guide shows of an upgrade half-way through', async () => {
    await Promise.all([old('volume-1'), young('volume-2'), young('volume-3')]);
    await Promise.all([client('api-1'), client('api-2')]);
    for (const command of ['status', 'why volume', 'instances', 'lanes volume']) {
      const { code, out, err } = await lynchpin(command.split(' '));
      assert.equal(code, EXIT.fine, err);
      assert.equal(steady(out), shownFor(command), command);
    }
  });

  it('give programs the same facts as the code does', async () => {
    const server = await old('volume-1');
    const { bus } = here.bus('looker');
    await client('api-1');
    const why = JSON.parse((await lynchpin(['why', 'volume', '--json'])).out) as Why;
    const { summary, causes } = await bus.fleet.why('volume');
    assert.deepEqual([why.summary, why.causes], [summary, causes]);
    assert.deepEqual(
      causes.map(({ kind, who }) => [kind, who]),
      [['server', ['volume-1']]],
    );
    const status = JSON.parse((await lynchpin(['status', '--json'])).out) as FleetStatus;
    assert.deepEqual(status.topics[0]?.groups, plain((await bus.fleet.status()).topics[0]?.groups));
    const { instances } = JSON.parse((await lynchpin(['instances', '--json'])).out) as { instances: { name: string }[] };
    assert.deepEqual(
      instances.map(({ name }) => name),
      (await bus.fleet.instances()).map(({ name }) => name),
    );
    const { topics } = JSON.parse((await lynchpin(['lanes', '--json'])).out) as { topics: unknown[] };
    assert.deepEqual(
      topics,
      [await bus.fleet.lanes('volume')].map((one) => JSON.parse(JSON.stringify(one)) as unknown),
    );
    assert.deepEqual(await bus.fleet.topics(), ['volume']);
    await server.drain();
  });

  it('call pins held only where one is', async () => {
    const server = await old('volume-1');
    await young('volume-2');
    const volumes = await here.bus('api-1').bus.client(newer.VolumeApi, { settle: 1 });
    assert.match((await lynchpin(['status'])).out, /\nPins are held, and nothing is wrong: /);
    await server.drain();
    await here.bus('api-2').bus.client(older.VolumeApi);
    // The old client is not new, and keeps nobody.
    await until(() => volumes.pin.state === 'released');
    assert.match((await lynchpin(['status'])).out, /\nNothing is wrong, and the upgrade is not over: lynchpin why volume\n$/);
  });

  it('find a topic by its name when nobody is left, and say what waits', async () => {
    const [{ bus }, { bus: serving }] = [here.bus('api-1'), here.bus('volume-1')];
    await serving.serve(newer.VolumeApi, new NewService('volume-1'), { server: 'volume-1' });
    const volumes = await bus.client(newer.VolumeApi);
    await serving.close();
    await volumes.cast.note({ text: 'later' });
    await bus.close();
    assert.equal((await lynchpin(['status'])).code, EXIT.unknown);
    assert.equal((await lynchpin(['lanes'])).code, EXIT.unknown);
    assert.equal((await lynchpin(['instances'])).code, EXIT.unknown);
    const { code, out } = await lynchpin(['status', '--topic', 'volume', '--json']);
    assert.equal(code, EXIT.violations, out);
    const [topic] = (JSON.parse(out) as FleetStatus).topics;
    assert.equal(topic?.backlog, 1);
    assert.deepEqual(
      topic?.why.causes.map(({ kind, count }) => [kind, count]),
      [['nobody', 1]],
    );
    // A name that is misspelt leaves no ledger behind.
    const queues = here.hub.queues.length;
    assert.match((await lynchpin(['why', 'volum'])).out, /ever served/);
    assert.equal(here.hub.queues.length, queues);
    const aged = await lynchpin(['lanes', 'volume', '--management', 'http://127.0.0.1:1']);
    assert.match(aged.out, /How old messages are is not known: .*127\.0\.0\.1:1/);
    assert.equal((await lynchpin(['why', 'no such name'])).code, EXIT.couldNotCheck);
  });

  it('draw blocks and colours on a terminal that can show them, and neither elsewhere', async () => {
    await young('volume-1');
    const plain = await lynchpin(['status'], { env: { LANG: 'C.UTF-8' } });
    // oxlint-disable-next-line no-control-regex -- nothing but ASCII
    assert.match(plain.out, /^[\x0a\x20-\x7e]+$/);
    const drawn = await lynchpin(['status'], { rows: 40, env: { LANG: 'C.UTF-8' } });
    assert.match(drawn.out, /█{18}/);
    assert.ok(drawn.out.includes('\x1b[32m'));
    const colourless = await lynchpin(['status'], { rows: 40, env: { LANG: 'C', NO_COLOR: '1' } });
    // oxlint-disable-next-line no-control-regex -- nothing but ASCII
    assert.match(colourless.out, /^[\x0a\x20-\x7e]+$/);
  });

  it('watch: a document a line when something has changed, for as long as it is told', async () => {
    const server = await young('volume-1');
    const lines = (text: string): FleetStatus[] =>
      text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as FleetStatus);
    let [said, press] = ['', (_: string): void => undefined];
    const watching = lynchpin(['watch', '--json', '--every', '1ms', '--for', '30s', '--topic', 'volume'], {
      onOut: (text) => (said += text),
      onKeys: (given) => (press = given),
    });
    await until(() => said !== '');
    await server.drain();
    await until(() => lines(said).at(-1)?.topics[0]?.servers === 0);
    press('q');
    const { code, out } = await watching;
    assert.equal(code, EXIT.fine);
    const told = lines(out).map(({ took: _, ...says }) => JSON.stringify(says));
    assert.equal(lines(out)[0]?.topics[0]?.servers, 1);
    assert.ok(told.every((one, at) => one !== told[at - 1]));
  });

  it('watch: ends when its time is over', async () => {
    const { code, out } = await lynchpin(['watch', '--for', '400ms', '--topic', 'volume']);
    assert.equal(code, EXIT.fine);
    assert.match(out, /ever served|lynchpin why volume/);
  });

  it('watch: draws over what stood there, no more lines than there are, until q', async () => {
    await young('volume-1');
    let press: (key: string) => void = () => undefined;
    let said = '';
    const watching = lynchpin(['watch'], { rows: 6, onKeys: (given) => (press = given), onOut: (text) => (said += text) });
    await until(() => said !== '');
    press('x');
    press('q');
    const { code, out } = await watching;
    assert.equal(code, EXIT.fine);
    assert.ok(out.startsWith('\x1b[2J\x1b[H'));
    assert.match(out, /and \d+ more lines/);
    assert.ok(out.split('\n').length <= 7);
  });
});
