import assert from 'node:assert/strict';
import { join } from 'node:path';
import { defineApi, defineMessage, t, type RpcClient } from 'lynchpin';
import { Project } from '../../cli/support/project.js';
import * as newer from '../../rpc/fixtures/new.js';
import * as older from '../../rpc/fixtures/old.js';
import { NewService, OldService } from '../../rpc/fixtures/services.js';
import { HubWorld, until } from '../../rpc/hub.js';
import { filesBelow } from '../../../scripts/files.js';
import { root } from '../../style/project.js';
import { Runbook } from './runbook.js';

const SETTLE = 100;

/** A package whose contracts are those of a file. */
function packageOf(file: string): Project {
  return new Project({ 'contracts.js': `export * from ${JSON.stringify(join(root, file))};\n` });
}

describe('the runbooks', () => {
  let here: HubWorld;
  let build: Project;
  const played: string[] = [];

  beforeEach(() => {
    here = new HubWorld();
    build = packageOf('build/test/rpc/fixtures/new.js');
  });
  afterEach(async () => {
    await here.close();
    build.remove();
  });

  function open(page: string): Runbook {
    played.push(`docs/runbooks/${page}.md`);
    return new Runbook(page, here.hub);
  }

  const young = async (name: string) => {
    const { bus } = here.bus(name, { service: 'volumes', build: '2026.2' });
    await bus.serve(newer.VolumeApi, new NewService(name), { server: name });
    return bus;
  };
  const old = async (name: string) => {
    const { bus } = here.bus(name, { service: 'volumes', build: '2026.1' });
    await bus.serve(older.VolumeApi, new OldService(name), { server: name });
    return bus;
  };
  const client = (name: string, rescue = true): Promise<RpcClient<newer.VolumeApi>> =>
    here.bus(name, { service: 'api' }).bus.client(newer.VolumeApi, { settle: SETTLE, rescue });

  it('upgrade: held back until it is released', async () => {
    const book = open('upgrade');
    const first = await old('volume-1');
    const second = await old('volume-2');
    const volumes = await client('api-1');
    await book.good('doctor');
    await book.good('upgrade-check', build.folder);
    assert.match(await book.good('hold'), /3\.2/);
    await young('volume-3');
    await book.good('drain');
    await first.close();
    assert.match(await book.good('status'), /2 servers/);
    assert.match(await book.good('why'), /volume-2/);
    await second.close();
    await until(() => volumes.pin.heldBack === '3.4');
    assert.equal(volumes.pin.version, '3.2');
    await book.good('release');
    await until(() => volumes.pin.state === 'released');
    assert.match(await book.good('status'), /3\.4 \(released/);
    assert.deepEqual(book.rest, []);
  });

  it('roll back: what was written for the new version is converted, or put aside with its reason', async () => {
    const book = open('roll-back');
    const gone = await young('volume-3');
    const volumes = await client('api-1', false);
    assert.equal(volumes.pin.version, '3.4');
    await book.good('hold');
    await until(() => volumes.pin.version === '3.2');
    await old('volume-1');
    assert.match(await book.good('status'), /3\.2 \(capped/);
    await book.good('drain');
    await gone.close();
    await here.broker.publish({
      exchange: '',
      routingKey: here.names.lane('3.4'),
      type: 'note@3.4',
      messageId: 'left behind',
      persistent: true,
      contentType: 'application/json',
      body: Buffer.from('{"text":"left behind"}'),
    });
    assert.match((await book.next('lanes')).out, /3\.4 +1/);
    assert.match(await book.good('rescue volume --dry-run', build.folder), /1/);
    await book.good('rescue', build.folder);
    await until(() => here.ready(here.names.lane('3.4')) === 0 && here.ready(here.names.lane('3.2')) === 0);
    await book.good('status');
    await book.good('release');
    assert.deepEqual(book.rest, []);
  });

  it('finalize: everyone agrees, and it can be given up and taken back', async () => {
    const book = open('finalize');
    await young('volume-1');
    await client('api-1');
    await book.good('status');
    await book.good('why');
    assert.match(await book.good('finalize'), /3\.4/);
    await assert.rejects(old('volume-2'), { code: 'TOO_OLD' });
    assert.match(await book.good('ledger'), /3\.4/);
    // Nothing is under way that could be given up, and what is final stays so.
    assert.match(await book.good('abort'), /nothing/i);
    await assert.rejects(old('volume-2'), { code: 'TOO_OLD' });
    await book.good('unfinalize');
    await old('volume-2');
    assert.deepEqual(book.rest, []);
  });

  it('a stuck pin: why, and each thing that it may say', async () => {
    const book = open('stuck-pin');
    const left = await old('volume-1');
    await young('volume-2');
    const volumes = await client('api-1');
    await here.bus('somebody').bus.fleet.hold('volume', { reason: 'storage is not ready' });
    const why = await book.good('why');
    assert.match(why, /volume-1/);
    assert.match(why, /storage is not ready/);
    await book.good('drain');
    await left.close();
    await book.good('release');
    await book.good('doctor');
    await until(() => volumes.pin.state === 'released');
    await book.good('why');
    assert.deepEqual(book.rest, []);
  });

  it('a dead instance: forgotten on evidence, and what is left of it collected', async () => {
    const book = open('dead-instance');
    const { bus, broker } = here.bus('volume-1');
    await bus.serve(older.VolumeApi, new OldService('volume-1'), { server: 'volume-1' });
    await young('volume-2');
    here.hub.isolate(broker);
    const { out } = await book.next('instances');
    const instance = /volume-1\.[0-9a-f]{12}/.exec(out)?.[0] ?? assert.fail(out);
    await book.good('forget', '', { INSTANCE: instance });
    assert.match(await book.good('prune volume --dry-run', build.folder), /volume-1/);
    await book.good('prune', build.folder);
    assert.equal(here.hub.facts(here.names.server('volume-1')), undefined);
    assert.ok(here.hub.facts(here.names.server('volume-2')) !== undefined);
    assert.doesNotMatch(await book.good('instances'), /volume-1/);
    assert.deepEqual(book.rest, []);
  }).timeout(40_000);

  it('a major version: read both, finalize, raise the floor', async () => {
    const book = open('major-version');
    class Note {
      text!: string;
    }
    defineMessage(Note, { fields: { text: t.string() } });
    const apiOf = (version: '4.0', floor: '3.2' | '4.0') => {
      class VolumeApi {
        note!: (request: Note) => Promise<void>;
      }
      const previous = floor === '4.0' ? {} : { previous: { 3: '3.4' } };
      defineApi(VolumeApi, { topic: 'volume', version, floor, ...previous, methods: { note: { takes: Note } } } as never);
      return VolumeApi;
    };
    const source = (floor: string, previous: string): string => `import { defineApi, defineMessage, t } from 'lynchpin';
export class Note {}
defineMessage(Note, { fields: { text: t.string() } });
export class VolumeApi {}
defineApi(VolumeApi, { topic: 'volume', version: '4.0', floor: '${floor}', ${previous} methods: { note: { takes: Note } } });
`;
    const both = new Project({ 'contracts.js': source('3.2', "previous: { 3: '3.4' },") });
    const four = new Project({ 'contracts.js': source('4.0', '') });
    try {
      await young('volume-1').then((bus) => bus.close());
      const { bus } = here.bus('volume-2');
      const both2 = apiOf('4.0', '3.2');
      await bus.serve(both2, { note: async () => undefined }, { server: 'volume-2' });
      await bus.client(both2, { rescue: false });
      await book.good('upgrade-check', both.folder);
      await book.good('why');
      assert.match(await book.good('finalize'), /4\.0/);
      await book.good('lanes');
      const last = await book.next('upgrade-check', four.folder);
      assert.ok(last.code < 2, last.out);
      await book.good('rescue', both.folder);
      await here.bus('volume-3').bus.serve(apiOf('4.0', '4.0'), { note: async () => undefined }, { server: 'volume-3' });
      await bus.close();
      await book.good('prune', four.folder);
      assert.equal(here.hub.facts(here.names.lane('3.4')), undefined);
      assert.ok(here.hub.facts(here.names.lane('4.0')) !== undefined);
      assert.deepEqual(book.rest, []);
    } finally {
      both.remove();
      four.remove();
    }
  }).timeout(40_000);

  it('are all played', () => {
    assert.deepEqual([...new Set(played)].sort(), filesBelow(root, 'docs/runbooks').sort());
  });
});
