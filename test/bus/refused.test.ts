import assert from 'node:assert/strict';
import { MemoryHub, type RpcClient } from 'lynchpin';
import type { Broker } from '#lynchpin/broker/index.js';
import { TopicLedger, type Entry } from '#lynchpin/pin/index.js';
import { code } from '../rpc/code.js';
import * as older from '../rpc/fixtures/old.js';
import * as newer from '../rpc/fixtures/new.js';
import { NewService } from '../rpc/fixtures/services.js';
import { HubWorld, until } from '../rpc/hub.js';

/** Promises on the way from a cast to the connection; more of them than there are do no harm. */
const STEPS = 8;
const LANES = ['3.0', '3.1', '3.2'] as const;

describe('a client that was away', () => {
  let here: HubWorld;
  let ledger: TopicLedger;
  let entries = 0;
  afterEach(async () => {
    await ledger.close();
    await here.close();
  });

  async function setUp(logs: boolean): Promise<{ readonly volumes: RpcClient<older.VolumeApi>; readonly broker: Broker }> {
    here = new HubWorld(new MemoryHub('', { logs }));
    ledger = new TopicLedger(here.broker, 'volume', here.names.ledger);
    await ledger.ready(AbortSignal.timeout(5_000));
    const { bus, broker } = here.bus('api-1');
    const volumes = await bus.client(older.VolumeApi, { rescue: false });
    await volumes.cast.note({ text: 'before' });
    await here.take(here.names.lane(volumes.pin.version));
    return { volumes, broker };
  }

  const said = (): Pick<Entry, 'id' | 'author' | 'reason'> => ({ id: `entry ${++entries}`, author: 'ada', reason: 'a test' });
  const append = (entry: Entry) => ledger.append(entry, AbortSignal.timeout(5_000));

  /** Makes 3.4 final, over the heads of all that are gone. */
  async function finalize(): Promise<void> {
    const evidence = { seen: 'gone', looks: 2, over: 10_000 } as const;
    for (const { instance, incarnation } of ledger.state.members)
      await append({ kind: 'expire', ...said(), instance, incarnation, evidence });
    const { offset: epoch } = await append({ kind: 'prepare', ...said(), version: '3.4' });
    const census = { before: { counted: 0, answered: 0 }, after: { counted: 0, answered: 0 } };
    await append({ kind: 'finalize', ...said(), epoch, census });
  }

  const published = (): number => LANES.reduce((sum, version) => sum + here.ready(here.names.lane(version)), 0);

  it('while a version above its own became final fails with TOO_OLD, and nothing of it is published', async () => {
    const { volumes, broker } = await setUp(true);
    const inFlight = volumes.cast.note({ text: 'in flight' });
    // It is handed to the connection, which has not written it yet.
    for (let at = 0; at < STEPS; at++) await Promise.resolve();
    here.hub.isolate(broker);
    const begunMeanwhile = volumes.cast.note({ text: 'begun meanwhile' });
    const call = volumes.call.work({ text: 'begun meanwhile' });
    const refusals = [inFlight, begunMeanwhile, call].map((one) => assert.rejects(one, code('TOO_OLD')));
    await finalize();
    here.hub.rejoin(broker);
    await Promise.all(refusals);
    await assert.rejects(volumes.call.work({ text: 'after' }), code('TOO_OLD'));
    await assert.rejects(volumes.cast.note({ text: 'after' }), code('TOO_OLD'));
    await assert.rejects(volumes.fanout.note({ text: 'after' }), code('TOO_OLD'));
    assert.equal((volumes.pin as { readonly problem?: string }).problem, 'TOO_OLD');
    assert.match(volumes.pin.why, /3\.4 is final/);
    assert.equal(published(), 0);
  });

  it('is not asked where there is no ledger: then the same casts are published', async () => {
    const { volumes, broker } = await setUp(false);
    const inFlight = volumes.cast.note({ text: 'in flight' });
    // It is handed to the connection, which has not written it yet.
    for (let at = 0; at < STEPS; at++) await Promise.resolve();
    here.hub.isolate(broker);
    const begunMeanwhile = volumes.cast.note({ text: 'begun meanwhile' });
    here.hub.rejoin(broker);
    await Promise.all([inFlight, begunMeanwhile]);
    assert.equal(published(), 2);
  });

  it('goes on as soon as the ledger says that it is a member still', async () => {
    const { volumes, broker } = await setUp(true);
    await here.bus('volume-1').bus.serve(newer.VolumeApi, new NewService('volume-1'), { server: 'volume-1' });
    here.hub.isolate(broker);
    const cast = volumes.cast.note({ text: 'meanwhile' });
    here.hub.rejoin(broker);
    const start = performance.now();
    await cast;
    assert.equal(await volumes.call.work({ text: 'after' }), 'volume-1: after');
    assert.ok(performance.now() - start < 1_500);
  });

  it('waits for a ledger that does not answer for two seconds, and then goes on', async () => {
    const { volumes, broker } = await setUp(true);
    await here.bus('volume-1').bus.serve(newer.VolumeApi, new NewService('volume-1'), { server: 'volume-1' });
    here.hub.ail(here.names.ledger, 'down');
    here.hub.cut(broker);
    await until(() => broker.state === 'up');
    const start = performance.now();
    assert.equal(await volumes.call.work({ text: 'after' }), 'volume-1: after');
    const took = performance.now() - start;
    assert.ok(took > 1_500 && took < 4_000, `it took ${took} ms`);
    here.hub.heal(here.names.ledger);
  });
});
