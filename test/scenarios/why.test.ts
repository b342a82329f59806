import assert from 'node:assert/strict';
import type { Why } from 'lynchpin';
import { bin, run, type Said } from '../cli/support/project.js';
import { type Mutation, mutationArguments } from '../harness/mutation/index.js';
import { perform, Stage } from '../harness/stage/index.js';
import { type SharedRabbit, sharedRabbit } from '../support/rabbitmq/index.js';
import { catalogue, type ReleaseName } from '../system/releases/catalogue.js';

const view = (file: string, find: string, replace: string): Mutation => ({ file: `dist/fleet/views/${file}`, find, replace });

/** The line without which each holder would not be named. */
const WITHOUT = {
  server: view('server-causes.js', '.filter((one) => isBelow(one, target));\n    return', '.filter(() => false);\n    return'),
  silent: view('gather.js', "count.known || count.reason === 'taken' ? 'here'", "count.known ? 'here' : count.reason === 'taken' ? 'gone'"),
  down: view('gather.js', "count.reason === 'missing' ? 'gone'", "count.reason === 'missing' ? 'unknown'"),
  hold: view('shared-causes.js', 'compareVersions(hold.until, target) >= 0', 'compareVersions(hold.until, target) <= 0'),
  split: view('shared-causes.js', '?? [];\n    if (common.length > 0 && torn.length === 0)', '?? [];\n    if (true)'),
  stranded: view('gather.js', 'lanes.set(version, await', 'void (await'),
} as const;

describe('lynchpin why, beside real processes on RabbitMQ', function () {
  this.timeout(120_000);
  let rabbit: SharedRabbit;
  let stage: Stage;
  let namespace: string;
  let record: number;

  before(async function () {
    rabbit = await sharedRabbit(this);
  });
  beforeEach(() => {
    namespace = rabbit.namespace();
    record = 0;
    const broker = { url: rabbit.url, restart: () => Promise.reject(new Error('this broker is shared')) };
    stage = new Stage({ broker, releases: catalogue(), settings: { namespace, settle: 1_000, servers: [], heartbeat: 20 } });
  });
  afterEach(() => stage.close());

  const start = async (role: 'server' | 'client', parts: Readonly<Record<string, ReleaseName>>): Promise<unknown> =>
    Promise.all(Object.entries(parts).map(async ([name, release]) => (await stage.start({ name, role, release })).child.ready()));

  /** Runs the command as an operator would, perhaps with one line of it broken. */
  function lynchpin(line: readonly string[], mutations: readonly Mutation[] = []): Promise<Said> {
    const { nodeOptions, environment } = mutationArguments(mutations, `${stage.directory}/cli.${(record += 1)}`);
    const env = { LYNCHPIN_BROKER: rabbit.url, LYNCHPIN_NAMESPACE: namespace, ...environment };
    return run(process.execPath, [...nodeOptions, bin, ...line], stage.directory, { env });
  }

  async function why(...mutations: readonly Mutation[]): Promise<readonly string[]> {
    const { code, out, err } = await lynchpin(['why', 'orders', '--json'], mutations);
    assert.notEqual(out, '', err);
    const { causes } = JSON.parse(out) as Why;
    assert.equal(code, causes.some(({ wrong }) => wrong) ? 1 : 0);
    return causes.map(({ kind, who }) => `${kind} ${who.join()}`);
  }

  /** The holder is named first, and is not without the line that finds it. What follows is what comes of it, and may change meanwhile. */
  async function names(kind: keyof typeof WITHOUT, who: string): Promise<readonly string[]> {
    const [first, ...others] = await why();
    assert.equal(first, `${kind} ${who}`);
    assert.notEqual((await why(WITHOUT[kind]))[0], first, 'the mutation changes nothing');
    return others;
  }

  /** Asks until the first cause is of that kind: what is told of elsewhere takes a moment to get round. */
  async function until(first: string): Promise<void> {
    const end = performance.now() + 20_000;
    for (let told = await why(); told[0] !== first; told = await why()) {
      if (performance.now() > end) throw new Error(`waited in vain for ${first}, and was told ${told.join('; ')}`);
    }
  }

  it('names an old server: at work, frozen, between two connections; then a hold', async () => {
    await start('server', { 'server-1': 'A', 'server-2': 'B' });
    await start('client', { 'client-b': 'B' });
    assert.deepEqual(await names('server', 'server-1'), []);

    await perform(stage, { do: 'freeze', name: 'server-1' });
    assert.deepEqual(await names('silent', 'server-1'), []);
    await perform(stage, { do: 'thaw', name: 'server-1' });
    await until('server server-1');

    await perform(stage, { do: 'refuse', name: 'server-1' });
    await until('down server-1');
    const others = await names('down', 'server-1');
    assert.ok(
      others.every((cause) => /^(settling|lagging) client-b$/.test(cause)),
      others.join(),
    );
    await perform(stage, { do: 'mend', name: 'server-1' });
    await until('server server-1');

    await lynchpin(['hold', 'orders', '--until', '1.2', '--reason', 'soak', '--author', 'grace', '--yes']);
    await perform(stage, { do: 'stop', name: 'server-1' });
    await stage.part('client-b').child.told('pin', ({ state }) => state === 'capped');
    assert.deepEqual(await names('hold', 'grace'), []);
    const { out } = await lynchpin(['status']);
    assert.match(out, /Held at 1\.2, by grace since .*: soak/);
    const released = await lynchpin(['release', 'orders', '--reason', 'soaked', '--yes']);
    assert.equal(released.code, 0, released.err);
    await stage.part('client-b').child.told('pin', ({ version }) => version === '1.4');
    assert.deepEqual(await why(), []);
  });

  it('names a split, with both sides', async () => {
    await start('server', { old: 'A', young: 'C' });
    await start('client', { 'client-b': 'B' });
    assert.deepEqual(await names('split', 'old,young'), ['server old']);
  });

  it('names a lane with messages that no live server reads', async () => {
    await start('server', { young: 'B' });
    await start('client', { 'client-b': 'B' });
    const { child } = stage.part('client-b');
    await perform(stage, { do: 'kill', name: 'young' });
    for (let count = 0; count < 3; count += 1) await child.ask('one', { kind: 'ship' });
    assert.match((await why())[0] ?? '', /^nobody/);
    await perform(stage, { do: 'kill', name: 'client-b' });
    await start('server', { old: 'A' });
    assert.deepEqual(await names('stranded', '1.4'), []);
    const { out } = await lynchpin(['lanes', 'orders']);
    assert.match(out, /^1\.4 +3, and nobody reads it +0 /m);
  });
});
