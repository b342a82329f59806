import assert from 'node:assert/strict';
import { Fleet } from 'lynchpin';
import { fleetNamesOf } from '#lynchpin/broker/index.js';
import type { FleetParts } from '#lynchpin/fleet/index.js';
import { machineClock, TopicLedger } from '#lynchpin/pin/index.js';
import { code } from '../../rpc/code.js';
import * as newer from '../../rpc/fixtures/new.js';
import { NewService } from '../../rpc/fixtures/services.js';
import { HubWorld, until } from '../../rpc/hub.js';

describe('a member that is forgotten', () => {
  let here: HubWorld;
  let ledger: TopicLedger;
  let fleet: Fleet;
  beforeEach(async () => {
    here = new HubWorld();
    ledger = new TopicLedger(here.broker, 'volume', here.names.ledger);
    await ledger.ready(AbortSignal.timeout(5_000));
    // For whom ten seconds are a fifth of one.
    const clock = { ...machineClock, now: () => performance.now() * 50 };
    const parts: FleetParts = {
      broker: here.broker,
      namespace: 'lynchpin',
      names: fleetNamesOf(),
      topic: () => here.names,
      ledger: () => ledger,
      author: 'ada',
      clock,
    };
    fleet = new Fleet(parts);
  });
  afterEach(async () => {
    await ledger.close();
    await here.close();
  });

  const serve = async (name: string) => {
    const { bus, broker } = here.bus(name);
    await bus.serve(newer.VolumeApi, new NewService(name), { server: name });
    return broker;
  };
  const members = (): readonly string[] => ledger.state.members.map(({ author }) => author);

  it('is off the ledger on evidence, with author and reason, and joins anew when it comes back', async () => {
    const lost = await serve('volume-1');
    await serve('volume-2');
    here.hub.isolate(lost);
    await until(() => lost.state === 'down');
    const [forgotten] = await fleet.forget('volume-1', { reason: 'host lost', author: 'grace' });
    assert.deepEqual([forgotten?.author, forgotten?.role, forgotten?.topic], ['volume-1', 'server', 'volume']);
    assert.deepEqual(members(), ['volume-2']);
    const told = (await fleet.history('volume')).filter(({ kind }) => kind === 'expire' || kind === 'acted');
    assert.deepEqual(
      told.map(({ kind, author, outcome }) => [kind, author, outcome.kind]),
      [
        ['expire', 'grace', 'counted'],
        ['acted', 'grace', 'counted'],
      ],
    );
    assert.equal(told[1]?.reason, 'host lost');
    here.hub.rejoin(lost);
    await until(() => members().includes('volume-1'));
  });

  it('is one that is not connected, and is a member at all', async () => {
    await serve('volume-1');
    await assert.rejects(fleet.forget('volume-1'), code('REJECTED'));
    await assert.rejects(fleet.forget('volume-7'), code('NO_SUCH_SERVER'));
    assert.deepEqual(members(), ['volume-1']);
  });

  it('may be everyone who is gone, and nobody else', async () => {
    const lost = [await serve('volume-1'), await serve('volume-2')];
    await serve('volume-3');
    assert.deepEqual(await fleet.forget('all-gone', { topic: 'volume' }), []);
    for (const broker of lost) here.hub.isolate(broker);
    await until(() => lost.every(({ state }) => state === 'down'));
    const forgotten = await fleet.forget('all-gone', { topic: 'volume' });
    assert.deepEqual(
      forgotten.map(({ author }) => author),
      ['volume-1', 'volume-2'],
    );
    assert.deepEqual(members(), ['volume-3']);
  });
});
