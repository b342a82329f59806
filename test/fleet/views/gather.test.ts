import assert from 'node:assert/strict';
import * as newer from '../../rpc/fixtures/new.js';
import { NewService } from '../../rpc/fixtures/services.js';
import { HubWorld, until } from '../../rpc/hub.js';

describe('looking at a fleet', () => {
  let here: HubWorld;
  beforeEach(() => {
    here = new HubWorld();
  });
  afterEach(() => here.close());

  const serve = async (name: string) => {
    const { bus, broker } = here.bus(name);
    await bus.serve(newer.VolumeApi, new NewService(name), { server: name });
    return { bus, broker };
  };

  it('says of a broker that is out of reach that nothing is known, and looks again when it is back', async () => {
    await serve('volume-1');
    const { bus, broker } = here.bus('looker');
    const known = { topics: ['volume'], timeout: 1_000 };
    assert.equal((await bus.fleet.status(known)).verdict, 'well');
    here.hub.isolate(broker);
    const { verdict, instances, topics } = await bus.fleet.status(known);
    assert.deepEqual([verdict, instances], ['wrong', undefined]);
    assert.deepEqual(
      [topics[0]?.servers, topics[0]?.backlog, topics[0]?.dead].map((amount) => typeof amount),
      ['object', 'object', 'object'],
    );
    assert.deepEqual(
      (await bus.fleet.why('volume', { timeout: 1_000 })).causes.map(({ kind }) => kind),
      ['unreachable'],
    );
    here.hub.rejoin(broker);
    await until(() => broker.state === 'up');
    assert.equal((await bus.fleet.status(known)).verdict, 'well');
  });

  it('keeps to its bounds, and says what it did not come to', async () => {
    await serve('volume-1');
    const { bus } = here.bus('looker');
    const { topics } = await bus.fleet.status({ topics: ['volume'], timeout: 1 });
    assert.deepEqual(topics[0]?.servers, { unknown: 'timeout' });
  });

  it('says that a count is forbidden, or that its node is down, and the rest all the same', async () => {
    await serve('volume-1');
    const { bus } = here.bus('looker', { countTimeout: 50 });
    here.hub.ail(here.names.dead, 'forbidden');
    here.hub.ail(here.names.lane('3.1'), 'timeout');
    const [topic] = (await bus.fleet.status()).topics;
    assert.deepEqual([topic?.servers, topic?.dead, topic?.backlog], [1, { unknown: 'forbidden' }, { unknown: 'timeout' }]);
    assert.equal(topic?.lanes.find(({ version }) => version === '3.2')?.ready, 0);
  });

  it('sees a server that was cut off as down, and neither twice nor at all once it is back', async () => {
    await serve('volume-1');
    const { broker } = await serve('volume-2');
    const { bus } = here.bus('looker');
    const seen = async () => (await bus.fleet.instances()).map(({ name, attendance }) => `${name} ${attendance}`);
    assert.deepEqual(await seen(), ['volume-1 here', 'volume-2 here']);
    here.hub.isolate(broker);
    assert.deepEqual(await seen(), ['volume-1 here', 'volume-2 down']);
    here.hub.rejoin(broker);
    await until(() => broker.state === 'up' && here.hub.facts(here.names.roll)?.consumers === 2);
    assert.deepEqual(await seen(), ['volume-1 here', 'volume-2 here']);
  });
});
