import assert from 'node:assert/strict';
import { Field, Message, Rpc, RpcApi, t, type Bus, type Method, type RescueProgress } from 'lynchpin';
import { code } from '../../rpc/code.js';
import * as newer from '../../rpc/fixtures/new.js';
import * as older from '../../rpc/fixtures/old.js';
import { NewService, OldService } from '../../rpc/fixtures/services.js';
import { HubWorld, until } from '../../rpc/hub.js';

describe('a rescue by an operator, when nobody is left who reads a version', () => {
  let here: HubWorld;
  let operator: Bus;
  beforeEach(() => {
    here = new HubWorld();
    operator = here.bus('ada').bus;
  });
  afterEach(() => here.close());

  const serveNew = async (name: string) => {
    const { bus } = here.bus(name);
    const service = new NewService(name);
    return { bus, service, server: await bus.serve(newer.VolumeApi, service, { server: name }) };
  };
  const serveOld = async (name: string) => {
    const service = new OldService(name);
    await here.bus(name).bus.serve(older.VolumeApi, service, { server: name });
    return service;
  };
  /** Casts of 3.4 on their lane, and on the own queue of `volume-1`, whose process is gone, as is the sender. */
  const rolledBack = async (casts: number): Promise<void> => {
    const { bus } = await serveNew('volume-1');
    const { bus: sender } = here.bus('api-1');
    const volumes = await sender.client(newer.VolumeApi, { rescue: false });
    assert.equal(volumes.pin.version, '3.4');
    await bus.close();
    for (let at = 0; at < casts; at++) await volumes.cast.note({ text: `note ${at}` });
    await volumes.cast.extend({ id: 'a', sizeGb: 2 });
    await volumes.at('volume-1').cast.note({ text: 'for volume-1' });
    await sender.close();
  };
  const lane = (): number => here.ready(here.names.lane('3.4'));

  it('converts every cast for the servers that are there; each runs once', async () => {
    await rolledBack(30);
    const service = await serveOld('volume-2');
    const seen: RescueProgress[] = [];
    const report = await operator.fleet.rescue(newer.VolumeApi, {
      patience: 300,
      reason: 'roll-back',
      onProgress: (now) => seen.push(now),
    });
    assert.equal(report.to, '3.2');
    assert.deepEqual(
      report.queues.map(({ queue, fate, stood, moved, dead }) => [queue, fate, stood, moved, dead]),
      [
        [here.names.lane('3.4'), 'convert', 31, 30, 1],
        [here.names.server('volume-1'), 'leave', 1, 0, 0],
      ],
    );
    await service.until((ran) => ran.length === 30);
    assert.equal(new Set(service.ran.map(({ id }) => id)).size, 30);
    assert.deepEqual([lane(), here.ready(here.names.dead)], [0, 1]);
    assert.ok(seen.some(({ moved }) => moved > 0 && moved < 30));
    const acts = (await operator.fleet.history('volume')).flatMap(({ entry, reason }) =>
      entry?.kind === 'acted' ? [[entry.what, entry.target, reason]] : [],
    );
    assert.deepEqual(acts, [['rescue', here.names.lane('3.4'), 'roll-back']]);
  });

  it('counts only, when it is asked what it would do', async () => {
    await rolledBack(3);
    await serveOld('volume-2');
    const report = await operator.fleet.rescue(newer.VolumeApi, { dryRun: true, gone: ['volume-1'] });
    assert.deepEqual(
      report.queues.map(({ fate, stood, moved, dead }) => [fate, stood, moved, dead]),
      [
        ['convert', 4, 0, 0],
        ['bury', 1, 0, 0],
      ],
    );
    assert.equal(lane(), 4);
    const message = await here.take(here.names.lane('3.4'));
    assert.equal(message?.redelivered, false);
  });

  it('can be ended early: what is in hand is seen through, and nothing is marked as delivered', async () => {
    await rolledBack(30);
    const service = await serveOld('volume-2');
    const enough = new AbortController();
    const report = await operator.fleet.rescue(newer.VolumeApi, { signal: enough.signal, onProgress: () => enough.abort() });
    const moved = report.queues[0]?.moved ?? 0;
    assert.ok(moved > 0 && moved < 30, String(moved));
    await service.until((ran) => ran.length === moved);
    assert.equal(lane(), 31 - moved);
    for (let left = lane(); left > 0; left--) assert.equal((await here.take(here.names.lane('3.4')))?.redelivered, false);
  });

  it('moves nothing while nobody serves, and says so', async () => {
    await rolledBack(3);
    const report = await operator.fleet.rescue(newer.VolumeApi);
    assert.deepEqual([report.to, report.queues.map(({ fate }) => fate)], [undefined, ['leave', 'leave']]);
    assert.equal(lane(), 4);
  });

  it('leaves what its package does not know', async () => {
    await rolledBack(3);
    await serveOld('volume-2');
    const report = await operator.fleet.rescue(older.VolumeApi);
    assert.deepEqual(
      report.queues.map(({ fate, version }) => [fate, version]),
      [
        ['leave', '3.4'],
        ['leave', undefined],
      ],
    );
    assert.equal(lane(), 4);
  });

  it('gives up what a server was to have only when it is said to be gone, and it is', async () => {
    await rolledBack(0);
    const service = await serveOld('volume-2');
    await assert.rejects(operator.fleet.rescue(newer.VolumeApi, { gone: ['volume-2'] }), code('NAME_IN_USE'));
    const report = await operator.fleet.rescue(newer.VolumeApi, { patience: 1, gone: ['volume-1'] });
    assert.ok(report.queues.some(({ fate, dead, server }) => fate === 'bury' && dead === 1 && server === 'volume-1'));
    assert.equal(here.ready(here.names.server('volume-1')), 0);
    const reasons = [await here.take(here.names.dead), await here.take(here.names.dead)].map((one) => one?.headers?.['lynchpin-reason']);
    assert.deepEqual(new Set(reasons), new Set(['NO_SUCH_SERVER', 'UNKNOWN_METHOD']));
    assert.equal(service.ran.length, 0);
  });

  it('brings what was parked back to its server, which runs it once', async () => {
    await rolledBack(0);
    const service = await serveOld('volume-1');
    await until(() => here.ready(here.names.parked('volume-1')) === 1);
    const report = await operator.fleet.rescue(newer.VolumeApi, { patience: 1 });
    assert.ok(report.queues.some(({ fate, moved }) => fate === 'return' && moved === 1));
    await service.until((ran) => ran.length === 1);
    assert.deepEqual({ ...(service.ran[0]?.request as object) }, { text: 'for volume-1' });
    assert.equal(here.ready(here.names.parked('volume-1')), 0);
  });

  it('is done by one at a time', async () => {
    await rolledBack(30);
    await serveOld('volume-2');
    const { bus: other } = here.bus('grace');
    const outcomes = await Promise.allSettled([
      operator.fleet.rescue(newer.VolumeApi, { patience: 100 }),
      operator.fleet.rescue(newer.VolumeApi, { patience: 100 }),
      other.fleet.rescue(newer.VolumeApi, { patience: 100 }),
    ]);
    assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1);
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
    assert.ok(refused.every(({ reason }) => code('NAME_IN_USE')(reason)));
  });

  it('needs a topic that was ever served', async () => {
    @Message()
    class Nothing {
      @Field(t.string()) text!: string;
    }
    @RpcApi({ topic: 'other', version: '1.0' })
    class OtherApi {
      @Rpc({ takes: Nothing }) nothing!: Method<Nothing>;
    }
    await assert.rejects(operator.fleet.rescue(OtherApi), code('NO_SERVER'));
  });
});
