import assert from 'node:assert/strict';
import { Fleet } from 'lynchpin';
import { fleetNamesOf } from '#lynchpin/broker/index.js';
import type { FleetParts, Pruned } from '#lynchpin/fleet/index.js';
import { machineClock, TopicLedger } from '#lynchpin/pin/index.js';
import * as newer from '../../rpc/fixtures/new.js';
import * as older from '../../rpc/fixtures/old.js';
import { NewService, OldService } from '../../rpc/fixtures/services.js';
import { HubWorld, until } from '../../rpc/hub.js';

describe('pruning', () => {
  let here: HubWorld;
  let ledger: TopicLedger;
  let fleet: Fleet;
  let now: () => number;
  beforeEach(async () => {
    here = new HubWorld();
    ledger = new TopicLedger(here.broker, 'volume', here.names.ledger);
    await ledger.ready(AbortSignal.timeout(5_000));
    const parts: FleetParts = {
      broker: here.broker,
      namespace: 'lynchpin',
      names: fleetNamesOf(),
      topic: () => here.names,
      ledger: () => ledger,
      author: 'ada',
      clock: { ...machineClock, now: () => now() },
    };
    // For whom ten seconds are a fifth of one.
    now = () => performance.now() * 50;
    fleet = new Fleet(parts);
  });
  afterEach(async () => {
    await ledger.close();
    await here.close();
  });

  const serveNew = async (name: string) => {
    const { bus, broker } = here.bus(name);
    const service = new NewService(name);
    return { bus, broker, service, server: await bus.serve(newer.VolumeApi, service, { server: name }) };
  };
  const serveOld = async (name: string) => {
    const { bus } = here.bus(name);
    await bus.serve(older.VolumeApi, new OldService(name), { server: name });
    return bus;
  };
  const there = (queue: string): boolean => here.hub.facts(queue) !== undefined;
  const told = (pruned: readonly Pruned[]): readonly string[] =>
    pruned.map(({ queue, fate, deleted }) => `${queue.replace('lynchpin.volume', '')} ${deleted ? 'deleted' : fate}`);

  it('shows what would go, and takes nothing', async () => {
    await serveOld('volume-1');
    const { bus } = await serveNew('volume-2');
    await bus.close();
    const shown = ['.server.volume-2 delete', '@3.3 delete', '.roll@3.3 delete', '@3.4 delete', '.roll@3.4 delete'];
    assert.deepEqual(told(await fleet.prune('volume')), shown);
    assert.deepEqual(told(await fleet.prune('volume')), shown);
  });

  it('takes what is left of servers that are gone and of versions that nobody reads, and says so in the ledger', async () => {
    await serveOld('volume-1');
    const { bus } = await serveNew('volume-2');
    await bus.close();
    const pruned = await fleet.prune('volume', { apply: true, reason: '3.4 is withdrawn' });
    assert.ok(pruned.every(({ deleted }) => deleted) && pruned.length === 5, told(pruned).join());
    for (const { queue } of pruned) assert.equal(there(queue), false, queue);
    assert.ok(there(here.names.lane('3.2')) && there(here.names.server('volume-1')));
    const acts = (await fleet.history('volume')).flatMap(({ entry }) => (entry?.kind === 'acted' ? [[entry.target, entry.reason]] : []));
    assert.deepEqual(
      acts,
      pruned.map(({ queue }) => [queue, '3.4 is withdrawn']),
    );
    assert.deepEqual(await fleet.prune('volume'), []);
  });

  it('moves what stands on the queues of a server that is gone to the dead letters, each with its reason', async () => {
    const { bus } = await serveNew('volume-2');
    const volumes = await here.bus('api-1').bus.client(newer.VolumeApi);
    await bus.close();
    await serveNew('volume-1');
    for (const text of ['a', 'b']) await volumes.at('volume-2').cast.note({ text });
    const [own] = await fleet.prune('volume', { apply: true });
    assert.deepEqual([own?.fate, own?.deleted, own?.buried], ['delete', true, 2]);
    assert.equal(here.ready(here.names.dead), 2);
    const message = await here.take(here.names.dead);
    assert.equal(message?.headers?.['lynchpin-reason'], 'NO_SUCH_SERVER');
  });

  it('leaves a lane on which messages stand: they are rescued first', async () => {
    const { bus } = await serveNew('volume-2');
    const { bus: sender } = here.bus('api-1');
    const volumes = await sender.client(newer.VolumeApi, { rescue: false });
    await bus.close();
    await volumes.cast.note({ text: 'waits' });
    await sender.close();
    await serveOld('volume-1');
    const pruned = await fleet.prune('volume', { apply: true });
    assert.ok(told(pruned).includes('@3.4 leave'), told(pruned).join());
    assert.equal(here.ready(here.names.lane('3.4')), 1);
  });

  it('takes nothing of a server that finishes what it has in hand: that is in no count', async () => {
    const { broker, server, service } = await serveNew('volume-2');
    const volumes = await here.bus('api-1').bus.client(newer.VolumeApi);
    const long = volumes.at('volume-2').call.work({ text: 'long', ms: 60_000 }, { timeout: 60_000 });
    long.catch(() => undefined);
    await service.until((ran) => ran.length === 1);
    void server.drain({ timeout: 3_000 });
    const own = here.names.server('volume-2');
    await until(() => here.hub.facts(own)?.consumers === 0);
    assert.deepEqual([here.hub.facts(own)?.ready, here.hub.facts(own)?.unacknowledged], [0, 1]);
    assert.deepEqual(await fleet.prune('volume', { apply: true }), []);
    here.hub.isolate(broker);
    await until(() => here.ready(own) === 1);
  });

  it('takes nothing of a server that is only down: it is a member', async () => {
    const { broker } = await serveNew('volume-2');
    await serveNew('volume-1');
    here.hub.isolate(broker);
    await until(() => broker.state === 'down');
    assert.deepEqual(await fleet.prune('volume', { apply: true }), []);
    await fleet.forget('volume-2', { topic: 'volume' });
    assert.deepEqual(told(await fleet.prune('volume', { apply: true })), ['.server.volume-2 deleted']);
  });

  it('looks again after ten seconds: what was given back meanwhile stays', async () => {
    const { bus } = await serveNew('volume-2');
    const volumes = await here.bus('api-1').bus.client(newer.VolumeApi);
    await volumes.cast.note({ text: 'before' });
    await bus.close();
    await serveNew('volume-1');
    const own = here.names.server('volume-2');
    // Somebody whose connection was lost a moment ago, and whose message is not back yet.
    const holder = here.hub.connect();
    await here.broker.publish({
      exchange: '',
      routingKey: own,
      body: Buffer.from('{}'),
      type: 'note@3.4',
      messageId: 'late',
      persistent: true,
    });
    const intake = await holder.openIntake(() => undefined);
    let came = 0;
    const consumer = await intake.consume(own, { prefetch: 1 }, () => void came++);
    await until(() => came === 1);
    await consumer.cancel();
    const pruning = fleet.prune('volume', {
      apply: true,
      onProgress: (doing) => {
        if (!doing.includes('waiting')) return;
        // The broker notices the loss after a while, and within the ten seconds.
        let waited = 0;
        now = () => waited;
        setTimeout(() => void holder.close().then(() => (waited = 20_000)), 600);
      },
    });
    assert.deepEqual(told(await pruning), ['.server.volume-2 bury']);
    assert.equal(here.ready(own), 1);
    await volumes.fanout.note({ text: 'bound again' });
    assert.equal(here.ready(own), 2);
  });

  it('takes nothing while the broker counts servers that nobody knows', async () => {
    const { bus } = await serveNew('volume-2');
    await bus.close();
    await serveNew('volume-1');
    const intake = await here.broker.openIntake(() => undefined);
    await intake.consume(here.names.roll, { prefetch: 1 }, () => undefined);
    assert.deepEqual(told(await fleet.prune('volume', { apply: true })), ['.server.volume-2 leave']);
    await intake.close();
    assert.deepEqual(told(await fleet.prune('volume', { apply: true })), ['.server.volume-2 deleted']);
  });

  it('unbinds first: nothing comes to a queue that is looked at', async () => {
    const { bus } = await serveNew('volume-2');
    const volumes = await here.bus('api-1').bus.client(newer.VolumeApi);
    await volumes.cast.note({ text: 'before' });
    await bus.close();
    await serveNew('volume-1');
    const own = here.names.server('volume-2');
    let sent: Promise<void> | undefined;
    const pruned = await fleet.prune('volume', {
      apply: true,
      onProgress: (doing) => {
        if (doing.includes('waiting')) sent = volumes.fanout.note({ text: 'to all' });
      },
    });
    await sent;
    assert.deepEqual(told(pruned), ['.server.volume-2 deleted']);
    assert.equal(there(own), false);
  });

  it('leaves a queue to which something comes at the last moment, and binds it again', async () => {
    const { bus } = await serveNew('volume-2');
    const volumes = await here.bus('api-1').bus.client(newer.VolumeApi);
    await bus.close();
    await serveNew('volume-1');
    const own = here.names.server('volume-2');
    let sent: Promise<unknown> | undefined;
    const late = { exchange: '', routingKey: own, body: Buffer.from('{}'), type: 'note@3.4', messageId: 'late', persistent: true };
    const pruned = await fleet.prune('volume', {
      apply: true,
      onProgress: (doing) => {
        if (doing.startsWith('deleting')) sent = here.broker.publish(late);
      },
    });
    await sent;
    assert.deepEqual(
      pruned.map(({ deleted }) => deleted),
      [false],
    );
    assert.equal(here.ready(own), 1);
    await volumes.fanout.note({ text: 'to all' });
    assert.equal(here.ready(own), 2);
  });
});
