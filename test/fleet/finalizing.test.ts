import assert from 'node:assert/strict';
import { Fleet, LynchpinError, type Bus, type FinalizeProgress, type Obstacle } from 'lynchpin';
import type { FleetParts } from '#lynchpin/fleet/index.js';
import { expireGone } from '#lynchpin/fleet/finalizing/index.js';
import { floorOf, machineClock, TopicLedger, type Entry } from '#lynchpin/pin/index.js';
import { fleetNamesOf, type Broker } from '#lynchpin/broker/index.js';
import { code } from '../rpc/code.js';
import * as newer from '../rpc/fixtures/new.js';
import * as older from '../rpc/fixtures/old.js';
import { NewService, OldService } from '../rpc/fixtures/services.js';
import { HubWorld, until } from '../rpc/hub.js';

describe('a finalization', () => {
  let here: HubWorld;
  let ledger: TopicLedger;
  let entries = 0;
  let patience: AbortSignal;
  const reason = 'the column goes';
  const said = (): Pick<Entry, 'id' | 'author' | 'reason'> => ({ id: `entry ${++entries}`, author: 'ada', reason: 'a bad night' });

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

  const young = async (name: string): Promise<{ bus: Bus; broker: Broker }> => {
    const made = here.bus(name);
    await made.bus.serve(newer.VolumeApi, new NewService(name), { server: name });
    return made;
  };
  const old = async (name: string): Promise<{ bus: Bus; broker: Broker }> => {
    const made = here.bus(name);
    await made.bus.serve(older.VolumeApi, new OldService(name), { server: name });
    return made;
  };
  const refused = async (doing: Promise<unknown>, outcome: string): Promise<readonly Obstacle[]> => {
    let points: readonly Obstacle[] = [];
    await assert.rejects(doing, (error: unknown) => {
      assert.ok(LynchpinError.is(error, 'NOT_FINAL'), String(error));
      assert.equal(error.details['outcome'], outcome, error.message);
      points = error.details['inTheWay'] as readonly Obstacle[];
      return true;
    });
    return points;
  };
  const kinds = (points: readonly Obstacle[]): string[] => points.map(({ kind, who }) => `${kind} ${who}`);

  it('is done as soon as everyone has acknowledged, in the name of whoever prepared it', async () => {
    const { bus } = await young('volume-1');
    await young('volume-2');
    await here.bus('api-1').bus.client(newer.VolumeApi);
    const phases: FinalizeProgress['phase'][] = [];
    const onProgress = ({ phase }: FinalizeProgress): void => void phases.push(phase);
    const start = performance.now();
    const floor = await bus.fleet.finalize('volume', '3.4', { reason, author: 'ada', onProgress });
    assert.ok(performance.now() - start < 2_000);
    assert.deepEqual([floor.version, floor.author, floor.reason, floor.ours], ['3.4', 'ada', reason, true]);
    await until(() => floorOf(ledger.state)?.epoch === floor.epoch);
    assert.deepEqual(
      phases.filter((phase) => phase !== 'acknowledging'),
      ['preparing', 'finalizing'],
    );
    await assert.rejects(old('volume-3'), code('TOO_OLD'));
    // Once more: it is final, and nothing is begun.
    const again = await bus.fleet.finalize('volume', '3.4', { reason });
    assert.deepEqual([again.epoch, again.ours], [floor.epoch, false]);
    await refused(bus.fleet.finalize('volume', '3.2', { reason }), 'refused');
  });

  it('is refused at once while somebody who reads less is connected, by name, and nothing is begun', async () => {
    const { bus } = await young('volume-1');
    await old('volume-2');
    await here.bus('api-1').bus.client(older.VolumeApi);
    const start = performance.now();
    const points = await refused(bus.fleet.finalize('volume', '3.4', { reason }), 'refused');
    assert.ok(performance.now() - start < 3_000);
    assert.deepEqual(kinds(points).sort(), ['below api-1', 'below volume-2']);
    assert.deepEqual(ledger.state.ids, []);
  });

  it('is refused at once by a hold, by a finalization of another version, and for a version that nobody has', async () => {
    const { bus } = await young('volume-1');
    await ledger.append({ kind: 'hold', ...said(), author: 'grace', until: '3.3' }, patience);
    assert.deepEqual(kinds(await refused(bus.fleet.finalize('volume', '3.4', { reason }), 'refused')), ['held grace']);
    assert.deepEqual(kinds(await refused(bus.fleet.finalize('volume', '3.9', { reason }), 'refused')), ['held grace', 'unheard 3.9']);
    await bus.fleet.finalize('volume', '3.3', { reason });
    const hold = ledger.state.holds[0] ?? assert.fail();
    await ledger.append({ kind: 'release', ...said(), hold: hold.id }, patience);
    const silent = { instance: 'nobody', incarnation: 1, role: 'server', window: { floor: '3.0', version: '3.4' }, queue: 'none' } as const;
    await ledger.append({ kind: 'joined', ...said(), ...silent }, patience);
    await ledger.append({ kind: 'prepare', ...said(), author: 'linus', version: '3.4' }, patience);
    assert.deepEqual(kinds(await refused(bus.fleet.finalize('volume', '3.5', { reason }), 'refused')), ['other linus', 'unheard 3.5']);
  });

  /** For whom ten seconds are a fifth of one. */
  const hasty = (author: string): FleetParts => ({
    broker: here.broker,
    namespace: 'lynchpin',
    names: fleetNamesOf(),
    topic: () => here.names,
    ledger: () => ledger,
    author,
    clock: { ...machineClock, now: () => performance.now() * 50 },
  });

  it('waits for who is gone until that is certain, and takes it off the ledger', async () => {
    await young('volume-1');
    const { broker } = await old('volume-2');
    here.hub.isolate(broker);
    const waited: string[] = [];
    const floor = await new Fleet(hasty('ada')).finalize('volume', '3.4', {
      reason,
      onProgress: ({ waitingFor }) => void waited.push(...kinds(waitingFor)),
    });
    assert.ok(waited.includes('below volume-2'), waited.join());
    assert.equal(floor.version, '3.4');
    // It comes back, and may not.
    here.hub.rejoin(broker);
    await until(() => ledger.state.outcome.kind === 'refused');
  });

  it('leaves a server that was away meanwhile nothing to say: what it had in hand goes unanswered', async () => {
    const service = new OldService('volume-1');
    const { bus, broker } = here.bus('volume-1');
    const server = await bus.serve(older.VolumeApi, service, { server: 'volume-1' });
    const volumes = await here.bus('api-1').bus.client(newer.VolumeApi);
    const calling = volumes.call.work({ text: 'long', ms: 100 }, { timeout: 4_000 });
    await service.until((ran) => ran.length === 1);
    here.hub.isolate(broker);
    await new Fleet(hasty('ada')).finalize('volume', '3.4', { reason });
    here.hub.rejoin(broker);
    await until(() => server.state === 'refused');
    await assert.rejects(calling, code('NO_SERVER'));
  });

  it('takes nobody off the ledger who is connected, or of whom the broker cannot say', async () => {
    await young('volume-1');
    await young('volume-2');
    const { broker } = await young('volume-3');
    await until(() => ledger.state.members.length === 3);
    const [, unsure] = ledger.state.members;
    here.hub.ail(unsure?.queue ?? '', 'forbidden');
    here.hub.isolate(broker);
    const left = await expireGone(hasty('ada'), ledger, ledger.state.members, patience);
    assert.deepEqual(left.map(({ author }) => author).sort(), ['volume-1', 'volume-2']);
    assert.equal(ledger.state.members.length, 2);
  });

  it('is given up in the end when somebody stays silent of whom nobody can say that it is gone, and names it', async () => {
    const { bus } = await young('volume-1');
    // Connected, for its queue is there, and silent.
    const intake = await here.broker.openIntake(() => undefined);
    const queue = await intake.inbox([]);
    const frozen = { instance: 'frozen', incarnation: 1, role: 'server', window: { floor: '3.0', version: '3.4' }, queue } as const;
    await ledger.append({ kind: 'joined', ...said(), ...frozen, author: 'volume-2' }, patience);
    const points = await refused(bus.fleet.finalize('volume', '3.4', { reason, timeout: 1_500 }), 'timeout');
    assert.deepEqual(kinds(points), ['silent volume-2']);
    assert.deepEqual(ledger.state.ids, []);
  });

  it('counts a server that is on the roll and no member', async () => {
    const { bus } = await young('volume-1');
    const intake = await here.broker.openIntake(() => undefined);
    await intake.consume(here.names.roll, { prefetch: 1 }, () => undefined);
    const points = await refused(bus.fleet.finalize('volume', '3.4', { reason, timeout: 1_500 }), 'timeout');
    assert.deepEqual(kinds(points), ['strangers the roll']);
    await intake.close();
    await bus.fleet.finalize('volume', '3.4', { reason });
  });

  it('is taken back with a reason, and given up by whoever wants to', async () => {
    const { bus } = await young('volume-1');
    await assert.rejects(bus.fleet.unfinalize('volume', { reason }), code('NOT_FINAL'));
    assert.equal((await bus.fleet.abort('volume', { reason })).outcome, 'nothing');
    await assert.rejects(bus.fleet.finalize('volume', '3.4', { reason: ' ' }), code('INVALID'));
    await assert.rejects(bus.fleet.finalize('volume', '3.4', { reason, timeout: 0 }), code('INVALID'));
    await bus.fleet.finalize('volume', '3.2', { reason });
    await bus.fleet.finalize('volume', '3.4', { reason });
    const { taken, now } = await bus.fleet.unfinalize('volume', { reason: 'the column stays' });
    assert.deepEqual([taken.version, now?.version], ['3.4', '3.2']);
    await old('volume-2');
    await ledger.append({ kind: 'prepare', ...said(), version: '3.4' }, patience);
    assert.equal((await bus.fleet.abort('volume', { reason })).outcome, 'aborted');
    assert.equal(ledger.state.prepared, undefined);
  });
});

describe('without logs on the broker', () => {
  it('finalizing says that it cannot', async () => {
    const { MemoryHub } = await import('lynchpin');
    const world = new HubWorld(new MemoryHub('no logs', { logs: false }));
    try {
      const { bus } = world.bus('one');
      await bus.serve(newer.VolumeApi, new NewService('volume-1'), { server: 'volume-1' });
      for (const doing of [
        bus.fleet.finalize('volume', '3.4', { reason: 'why not' }),
        bus.fleet.unfinalize('volume', { reason: 'why not' }),
        bus.fleet.abort('volume', { reason: 'why not' }),
      ])
        await assert.rejects(doing, code('NO_LEDGER'));
    } finally {
      await world.close();
    }
  });
});
