import assert from 'node:assert/strict';
import { MemoryHub, type Bus } from 'lynchpin';
import { code } from '../../rpc/code.js';
import * as newer from '../../rpc/fixtures/new.js';
import * as older from '../../rpc/fixtures/old.js';
import { NewService, OldService } from '../../rpc/fixtures/services.js';
import { HubWorld, until } from '../../rpc/hub.js';

describe('holds, as operators set and end them', () => {
  let here: HubWorld;
  let operator: Bus;
  const reason = 'a test';
  beforeEach(() => {
    here = new HubWorld();
    operator = here.bus('ada').bus;
  });
  afterEach(() => here.close());

  const serveNew = (name: string) => here.bus(name).bus.serve(newer.VolumeApi, new NewService(name), { server: name });
  const serveOld = (name: string) => here.bus(name).bus.serve(older.VolumeApi, new OldService(name), { server: name });

  it('stand in the ledger with author, reason and version, and end by their id', async () => {
    await serveNew('volume-1');
    const hold = await operator.fleet.hold('volume', { until: '3.3', reason: ' soak ', author: 'grace' });
    assert.deepEqual([hold.until, hold.author, hold.reason], ['3.3', 'grace', 'soak']);
    const [ended] = await operator.fleet.release('volume', { reason });
    assert.equal(ended?.id, hold.id);
    const told = (await operator.fleet.history('volume')).filter(({ kind }) => kind === 'hold' || kind === 'release');
    assert.deepEqual(
      told.map(({ kind, author, reason: why, outcome }) => [kind, author, why, outcome.kind]),
      [
        ['hold', 'grace', 'soak', 'counted'],
        ['release', 'ada', 'a test', 'counted'],
      ],
    );
  });

  it('without a version are at the highest that every live server reads now', async () => {
    await serveNew('volume-1');
    assert.equal((await operator.fleet.hold('volume', { reason })).until, '3.4');
    await serveOld('volume-2');
    assert.equal((await operator.fleet.hold('volume', { reason })).until, '3.2');
  });

  it('without a version need a server that reads one', async () => {
    const server = await serveNew('volume-1');
    await server.drain();
    await assert.rejects(operator.fleet.hold('volume', { reason }), code('NO_SERVER'));
    assert.equal((await operator.fleet.hold('volume', { until: '3.2', reason })).until, '3.2');
  });

  it('that stand beside each other end one by one by the beginning of their ids, or all at once', async () => {
    await serveNew('volume-1');
    const [one, two] = [
      await operator.fleet.hold('volume', { until: '3.2', reason }),
      await operator.fleet.hold('volume', { until: '3.3', reason }),
    ];
    await assert.rejects(operator.fleet.release('volume', { reason }), code('INVALID'));
    await assert.rejects(operator.fleet.release('volume', { hold: 'nothing', reason }), code('INVALID'));
    const ended = await operator.fleet.release('volume', { hold: two.id.slice(0, 13), reason });
    assert.deepEqual(
      ended.map(({ id }) => id),
      [two.id],
    );
    await operator.fleet.hold('volume', { until: '3.3', reason });
    assert.equal((await operator.fleet.release('volume', { hold: 'all', reason })).length, 2);
    await assert.rejects(operator.fleet.release('volume', { hold: one.id, reason }), code('INVALID'));
  });

  it('need a reason, and a topic that somebody has served', async () => {
    await serveNew('volume-1');
    await assert.rejects(operator.fleet.hold('volume', { reason: ' ' }), code('INVALID'));
    await assert.rejects(operator.fleet.release('volume', { reason: '' }), code('INVALID'));
    await assert.rejects(operator.fleet.hold('volume', { until: '3' as never, reason }), code('INVALID'));
    await assert.rejects(operator.fleet.hold('volum', { until: '3.2', reason }), code('NO_SERVER'));
    assert.deepEqual(
      here.hub.queues.filter((queue) => queue.includes('volum.')),
      [],
      'asking for it has not made it',
    );
  });

  it('stand on a broker without streams as well, for as long as somebody who knows them is there', async () => {
    const bare = new HubWorld(new MemoryHub('', { logs: false }));
    try {
      const { bus } = bare.bus('volume-1');
      await bus.serve(newer.VolumeApi, new NewService('volume-1'), { server: 'volume-1' });
      const volumes = await bare.bus('api-1').bus.client(newer.VolumeApi, { settle: 60_000 });
      const { fleet } = bare.bus('ada').bus;
      const hold = await fleet.hold('volume', { until: '3.2', reason });
      await until(() => volumes.pin.version === '3.2');
      assert.deepEqual(await fleet.history('volume'), []);
      const [ended] = await fleet.release('volume', { reason });
      assert.equal(ended?.id, hold.id);
      await assert.rejects(fleet.prune('volume'), code('NO_LEDGER'));
    } finally {
      await bare.close();
    }
  });
});
