import assert from 'node:assert/strict';
import { Fleet, type Bus } from 'lynchpin';
import { fleetNamesOf, type Broker } from '#lynchpin/broker/index.js';
import { Steward, type FleetParts } from '#lynchpin/fleet/index.js';
import { floorOf, machineClock, TopicLedger, type Entry } from '#lynchpin/pin/index.js';
import { code } from '../rpc/code.js';
import * as newer from '../rpc/fixtures/new.js';
import * as older from '../rpc/fixtures/old.js';
import { NewService } from '../rpc/fixtures/services.js';
import { HubWorld, until } from '../rpc/hub.js';

const reason = 'the column goes';
let patience: AbortSignal;
let entries = 0;
const said = (): Pick<Entry, 'id' | 'author' | 'reason'> => ({ id: `entry ${++entries}`, author: 'ada', reason });

describe('the version that may be shown to users', () => {
  let here: HubWorld;
  let ledger: TopicLedger;

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

  const gateway = async (name: string): Promise<{ bus: Bus; broker: Broker }> => {
    const made = here.bus(name);
    await made.bus.client(newer.VolumeApi);
    return made;
  };
  /** A member that does not acknowledge, so that a finalization stays undecided. */
  const frozen = { instance: 'frozen', incarnation: 1, role: 'server', window: { floor: '3.0', version: '3.4' }, queue: 'none' } as const;
  const undecided = async (): Promise<number> => {
    await ledger.append({ kind: 'joined', ...said(), ...frozen }, patience);
    return (await ledger.append({ kind: 'prepare', ...said(), version: '3.4' }, patience)).offset;
  };

  it('is what is final, and none before', async () => {
    const { bus } = await gateway('api-1');
    assert.equal(await bus.fleet.finalVersion('volume'), undefined);
    await bus.fleet.finalize('volume', '3.2', { reason });
    assert.equal(await bus.fleet.finalVersion('volume'), '3.2');
    await bus.fleet.finalize('volume', '3.4', { reason });
    assert.equal(await bus.fleet.finalVersion('volume'), '3.4');
    await bus.fleet.unfinalize('volume', { reason });
    assert.equal(await bus.fleet.finalVersion('volume'), '3.2');
  });

  it('is waited for while a finalization is under way', async () => {
    const { bus } = await gateway('api-1');
    const epoch = await undecided();
    await until(() => ledger.state.members.some(({ acked }) => acked === epoch));
    let answer: string | undefined = 'none yet';
    const asking = bus.fleet.finalVersion('volume').then((version) => (answer = version));
    await ledger.look(patience);
    assert.equal(answer, 'none yet');
    await ledger.append({ kind: 'ack', ...said(), instance: 'frozen', incarnation: 1, epoch }, patience);
    const census = { before: { counted: 0, answered: 0 }, after: { counted: 0, answered: 0 } };
    await ledger.append({ kind: 'finalize', ...said(), epoch, census }, patience);
    assert.equal(await asking, '3.4');
  });

  it('gives a finalization up that takes too long, once, however many wait', async () => {
    const { bus } = await gateway('api-1');
    await undecided();
    const answers = await Promise.all(Array.from({ length: 20 }, () => bus.fleet.finalVersion('volume', { within: 100 })));
    assert.deepEqual(new Set(answers), new Set([undefined]));
    await until(() => ledger.state.prepared === undefined);
    const history = await bus.fleet.history('volume');
    assert.equal(history.filter(({ entry }) => entry?.kind === 'abort').length, 1);
  });

  it('does not wait for a finalization that this process has not agreed to', async () => {
    const { bus } = here.bus('api-1');
    await bus.client(older.VolumeApi);
    await undecided();
    await ledger.look(patience);
    assert.equal(await bus.fleet.finalVersion('volume', { within: 20_000 }), undefined);
    assert.notEqual(ledger.state.prepared, undefined);
  });

  it('is not told by a process that is no member, and none is told by one that was refused', async () => {
    const { bus } = await gateway('api-1');
    const { bus: outsider } = here.bus('outsider');
    await assert.rejects(outsider.fleet.finalVersion('volume'), code('INVALID'));
    const { bus: left, broker } = here.bus('left');
    await left.client(older.VolumeApi);
    here.hub.isolate(broker);
    await new Fleet(hasty(here, ledger)).finalize('volume', '3.4', { reason });
    here.hub.rejoin(broker);
    await until(() => ledger.state.outcome.kind === 'refused');
    await assert.rejects(left.fleet.finalVersion('volume'), code('TOO_OLD'));
    assert.equal(await bus.fleet.finalVersion('volume'), '3.4');
  });

  it('is waited for by a process that was taken for gone meanwhile', async () => {
    await gateway('api-1');
    const { bus, broker } = await gateway('api-2');
    assert.equal(await bus.fleet.finalVersion('volume'), undefined);
    here.hub.isolate(broker);
    await new Fleet(hasty(here, ledger)).finalize('volume', '3.4', { reason });
    const asking = bus.fleet.finalVersion('volume');
    here.hub.rejoin(broker);
    assert.equal(await asking, '3.4');
  });

  it('is not told by a process that stays cut off', async () => {
    const { bus, broker } = await gateway('api-1');
    assert.equal(await bus.fleet.finalVersion('volume'), undefined);
    here.hub.isolate(broker);
    await assert.rejects(bus.fleet.finalVersion('volume', { within: 0 }), code('TIMEOUT'));
  });
});

/** Parts of a fleet for which ten seconds are a fifth of one. */
function hasty(here: HubWorld, ledger: TopicLedger): FleetParts {
  return {
    broker: here.broker,
    namespace: 'lynchpin',
    names: fleetNamesOf(),
    topic: () => here.names,
    ledger: () => ledger,
    author: 'ada',
    clock: { ...machineClock, now: () => performance.now() * 50 },
  };
}

describe('a finalization whose finalizer is gone', () => {
  let here: HubWorld;
  let ledger: TopicLedger;
  const stewards: Steward[] = [];

  beforeEach(async () => {
    patience = AbortSignal.timeout(20_000);
    here = new HubWorld();
    ledger = new TopicLedger(here.broker, 'volume', here.names.ledger);
    await ledger.ready(patience);
  });
  afterEach(async () => {
    await Promise.all(stewards.splice(0).map((steward) => steward.close()));
    await ledger.close();
    await here.close();
  });
  const steward = (limit = 20_000): void => void stewards.push(new Steward(hasty(here, ledger), ledger, { least: 20, limit }));

  it('is finished by a live server, in the name of whoever prepared it', async () => {
    const { bus } = here.bus('volume-1');
    await bus.serve(newer.VolumeApi, new NewService('volume-1'), { server: 'volume-1' });
    steward();
    await ledger.append({ kind: 'prepare', ...said(), author: 'grace', version: '3.4' }, patience);
    await until(() => floorOf(ledger.state) !== undefined);
    assert.deepEqual([floorOf(ledger.state)?.version, floorOf(ledger.state)?.author], ['3.4', 'grace']);
  });

  it('is finished also when somebody who must acknowledge is gone', async () => {
    const { bus } = here.bus('volume-1');
    await bus.serve(newer.VolumeApi, new NewService('volume-1'), { server: 'volume-1' });
    const { bus: other, broker } = here.bus('volume-2');
    await other.serve(newer.VolumeApi, new NewService('volume-2'), { server: 'volume-2' });
    here.hub.isolate(broker);
    await ledger.append({ kind: 'prepare', ...said(), author: 'grace', version: '3.4' }, patience);
    steward();
    await until(() => floorOf(ledger.state) !== undefined);
    assert.deepEqual([floorOf(ledger.state)?.version, ledger.state.members.length], ['3.4', 1]);
  });

  it('is given up when it cannot be finished, at once where a member reads less', async () => {
    const { bus } = here.bus('volume-1');
    await bus.serve(newer.VolumeApi, new NewService('volume-1'), { server: 'volume-1' });
    await here.bus('api-1').bus.client(older.VolumeApi);
    steward();
    await ledger.append({ kind: 'prepare', ...said(), version: '3.4' }, patience);
    await until(() => ledger.state.prepared === undefined && ledger.state.ids.length === 1);
    assert.equal(floorOf(ledger.state), undefined);
  });

  it('is given up in the end when somebody stays silent', async () => {
    const { bus } = here.bus('volume-1');
    await bus.serve(newer.VolumeApi, new NewService('volume-1'), { server: 'volume-1' });
    const intake = await here.broker.openIntake(() => undefined);
    // For whoever asks over another connection that one is taken, so its bearer is there.
    const queue = await intake.inbox([]);
    const window = { floor: '3.0', version: '3.4' } as const;
    await ledger.append({ kind: 'joined', ...said(), instance: 'frozen', incarnation: 1, role: 'server', window, queue }, patience);
    steward(500);
    await ledger.append({ kind: 'prepare', ...said(), version: '3.4' }, patience);
    await until(() => ledger.state.prepared === undefined && ledger.state.ids.length === 1);
    assert.equal(floorOf(ledger.state), undefined);
  });
});
