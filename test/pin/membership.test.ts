import assert from 'node:assert/strict';
import { LynchpinError, MemoryHub } from 'lynchpin';
import { floorOf, TopicLedger, type Entry, type LedgerState } from '#lynchpin/pin/index.js';
import type { Version } from '#lynchpin/versions/index.js';
import { code } from '../rpc/code.js';
import * as newer from '../rpc/fixtures/new.js';
import * as older from '../rpc/fixtures/old.js';
import { NewService, OldService } from '../rpc/fixtures/services.js';
import { HubWorld, until } from '../rpc/hub.js';

describe('membership', () => {
  let here: HubWorld;
  let ledger: TopicLedger;
  let entries = 0;
  let patience: AbortSignal;
  const said = (): Pick<Entry, 'id' | 'author' | 'reason'> => ({ id: `entry ${++entries}`, author: 'ada', reason: 'a test' });

  beforeEach(async () => {
    patience = AbortSignal.timeout(20_000);
    here = new HubWorld();
    ledger = new TopicLedger(here.broker, 'volume', here.names.ledger);
    await ledger.ready(patience);
  });
  afterEach(async () => {
    await ledger.close();
    await here.close();
  });

  const members = (): LedgerState['members'] => ledger.state.members;

  /** Finalizes a version, whoever is there: those who read it acknowledge by themselves. */
  async function finalized(version: Version): Promise<void> {
    const { offset: epoch } = await ledger.append({ kind: 'prepare', ...said(), version }, patience);
    await until(() => members().every(({ acked }) => acked === epoch));
    const census = { before: { counted: 1, answered: 1 }, after: { counted: 1, answered: 1 } };
    await ledger.append({ kind: 'finalize', ...said(), epoch, census }, patience);
    assert.equal(floorOf(ledger.state)?.version, version);
  }

  it('of a server begins before it consumes anything, and ends when it leaves', async () => {
    const { bus } = here.bus('one');
    here.hub.ail(here.names.ledger, 'down');
    const serving = bus.serve(older.VolumeApi, new OldService('volume-1'), { server: 'volume-1' });
    await until(() => here.hub.queues.some((queue) => queue.startsWith('lynchpin:life.')));
    assert.equal(here.hub.facts(here.names.roll), undefined);
    assert.equal(here.hub.facts(here.names.lane('3.2'))?.consumers ?? 0, 0);
    here.hub.heal(here.names.ledger);
    const server = await serving;
    await until(() => members().length === 1);
    const [member] = members();
    assert.deepEqual(
      [member?.author, member?.role, member?.window, member?.incarnation],
      ['volume-1', 'server', { floor: '3.0', version: '3.2' }, 1],
    );
    await server.drain();
    await until(() => members().length === 0);
    assert.deepEqual(ledger.state.lanes, ['3.0', '3.1', '3.2']);
  });

  it('has evidence that it lives: a queue that is taken, and missing when the process is gone', async () => {
    const { bus } = here.bus('one');
    await bus.client(older.VolumeApi);
    await until(() => members().length === 1);
    const queue = members()[0]?.queue ?? '';
    assert.deepEqual(await here.broker.count(queue), { known: false, reason: 'taken' });
    await bus.close();
    assert.deepEqual(await here.broker.count(queue), { known: false, reason: 'missing' });
  });

  it('begins anew, as another life of the same instance, with each connection', async () => {
    const { bus, broker } = here.bus('one');
    await bus.serve(older.VolumeApi, new OldService('volume-1'), { server: 'volume-1' });
    await bus.client(older.VolumeApi);
    await until(() => members().length === 2);
    const before = members();
    here.hub.cut(broker);
    await until(() => members().every(({ incarnation }) => incarnation === 2));
    assert.deepEqual(
      members().map(({ instance }) => instance),
      before.map(({ instance }) => instance),
    );
    assert.ok(members().every(({ queue }) => before.every((other) => other.queue !== queue)));
  });

  it('is refused to whoever is older than what is final, at start', async () => {
    await finalized('3.4');
    const { bus } = here.bus('old');
    const serving = bus.serve(older.VolumeApi, new OldService('volume-1'), { server: 'volume-1' });
    await assert.rejects(serving, (error: unknown) => {
      assert.ok(LynchpinError.is(error, 'TOO_OLD'));
      assert.equal((error.details['final'] as { version: string }).version, '3.4');
      assert.equal((error.details['waysOut'] as string[]).length, 2);
      return true;
    });
    await assert.rejects(bus.client(older.VolumeApi), code('TOO_OLD'));
    assert.equal(here.hub.facts(here.names.lane('3.2'))?.consumers ?? 0, 0);
    assert.deepEqual(bus.servers, []);
    const { bus: young } = here.bus('young');
    await young.serve(newer.VolumeApi, new NewService('volume-2'), { server: 'volume-2' });
    await young.client(newer.VolumeApi);
  });

  it('is refused to a server that was away while something newer became final: it serves no more', async () => {
    const { bus, broker } = here.bus('old');
    const server = await bus.serve(older.VolumeApi, new OldService('volume-1'), { server: 'volume-1' });
    await until(() => members().length === 1);
    here.hub.isolate(broker);
    const { instance, incarnation } = members()[0] ?? assert.fail();
    const evidence = { seen: 'gone', looks: 2, over: 10_000 } as const;
    await ledger.append({ kind: 'expire', ...said(), instance, incarnation, evidence }, patience);
    await finalized('3.4');
    here.hub.rejoin(broker);
    await until(() => server.state === 'refused');
    assert.equal(here.hub.facts(here.names.roll)?.consumers, 0);
    assert.equal(here.hub.facts(here.names.lane('3.2'))?.consumers, 0);
    assert.equal(bus.ready, false);
    await bus.close();
    assert.equal(server.state, 'left');
  });

  it('that somebody took for gone is noticed, and begins anew', async () => {
    const { bus } = here.bus('one');
    const server = await bus.serve(older.VolumeApi, new OldService('volume-1'), { server: 'volume-1' });
    await until(() => members().length === 1);
    const { instance, incarnation } = members()[0] ?? assert.fail();
    const evidence = { seen: 'gone', looks: 2, over: 10_000 } as const;
    await ledger.append({ kind: 'expire', ...said(), instance, incarnation, evidence }, patience);
    await until(() => members()[0]?.incarnation === 2);
    await until(() => server.state === 'serving');
  });

  it('is asked of every process in the roll call, with what it serves and calls', async () => {
    const { bus } = here.bus('one', { service: 'volume', build: 'abc', release: '2025.1' });
    await bus.serve(older.VolumeApi, new OldService('volume-1'), { server: 'volume-1' });
    const { bus: other } = here.bus('two');
    const volumes = await other.client(newer.VolumeApi);
    // Whose names it knows comes a moment after the pin.
    await until(() => volumes.pin.by.length === 1);
    const { reports } = await bus.fleet.rollCall({ complete: ({ length }) => length === 2 });
    const [one, two] = reports;
    assert.deepEqual([one?.name, one?.service, one?.build, one?.release, one?.lives], ['one', 'volume', 'abc', '2025.1', 1]);
    assert.deepEqual(
      one?.servers.map(({ topic, server, versions, state, running }) => ({ topic, server, versions, state, running })),
      [{ topic: 'volume', server: 'volume-1', versions: ['3.0', '3.1', '3.2'], state: 'serving', running: 0 }],
    );
    assert.equal(one?.servers[0]?.member?.incarnation, 1);
    assert.deepEqual(
      two?.clients.map(({ topic, pin, inFlight }) => [topic, pin.version, pin.state, pin.by, inFlight]),
      [['volume', '3.2', 'held', ['volume-1'], 0]],
    );
  });
});

describe('without logs on the broker', () => {
  it('nobody is a member, and everything else goes on', async () => {
    const hub = new MemoryHub('no logs', { logs: false });
    const world = new HubWorld(hub);
    try {
      const { bus } = world.bus('one');
      await bus.serve(older.VolumeApi, new OldService('volume-1'), { server: 'volume-1' });
      const volumes = await bus.client(older.VolumeApi);
      assert.equal(await volumes.call.work({ text: 'hello' }), 'volume-1: hello');
      const ledger = new TopicLedger(world.broker, 'volume', world.names.ledger);
      const hold = { kind: 'prepare', id: 'p', author: 'ada', reason: '', version: '3.2' } as const;
      await assert.rejects(ledger.append(hold, AbortSignal.timeout(5_000)), code('NO_LEDGER'));
      await ledger.close();
    } finally {
      await world.close();
    }
  });
});
