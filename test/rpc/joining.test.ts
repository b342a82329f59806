import { strict as assert } from 'node:assert';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { ServerEvent } from 'lynchpin';
import { code } from './code.js';
import { VolumeApi } from './fixtures/old.js';
import { OldService } from './fixtures/services.js';
import { HubWorld, turn, until } from './hub.js';

describe('a server that joins', () => {
  let here: HubWorld;
  beforeEach(() => {
    here = new HubWorld();
  });
  afterEach(() => here.close());

  const consumers = (queue: string): number => here.hub.facts(queue)?.consumers ?? 0;

  it('and takes too long leaves nothing behind, whatever the broker answers later', async () => {
    await here.broker.ensureQueue(here.names.lane('3.1'));
    here.hub.ail(here.names.lane('3.1'), 'timeout');
    const { bus } = here.bus('volume-1', { countTimeout: 150 });
    await assert.rejects(bus.serve(VolumeApi, new OldService('volume-1'), { server: 'volume-1', joinTimeout: 40 }), code('CONNECTION'));
    here.hub.heal(here.names.lane('3.1'));
    const start = performance.now();
    await until(() => performance.now() - start > 300);
    for (const queue of [here.names.roll, here.names.rollAt('3.0'), here.names.lane('3.0'), here.names.server('volume-1')])
      assert.equal(consumers(queue), 0, queue);
    await bus.serve(VolumeApi, new OldService('volume-1'), { server: 'volume-1' });
    assert.equal(consumers(here.names.roll), 1);
  });

  it('and cannot get on the roll keeps no channel from any of its attempts, and finishes what they brought', async () => {
    const service = new OldService('volume-1');
    const { bus } = here.bus('volume-1');
    const server = await bus.serve(VolumeApi, service, { server: 'volume-1' });
    const volumes = await here.bus('api-1').bus.client(VolumeApi);
    const call = volumes.call.work({ text: 'long', ms: 400 });
    await service.until((ran) => ran.length === 1);
    const inboxes = (): number => here.hub.queues.filter((queue) => queue.startsWith('amq.gen-')).length;
    const before = inboxes();
    here.hub.ail(here.names.roll, 'down');
    const start = performance.now();
    await until(() => performance.now() - start > 250);
    // One of the seat that still has work in hand, one of an attempt that may be under way.
    assert.ok(inboxes() <= before + 1, `${inboxes()} inboxes, ${before} before`);
    here.hub.heal(here.names.roll);
    assert.equal(await call, 'volume-1: long');
    await until(() => server.state === 'serving');
    await until(() => inboxes() === before);
    assert.equal(service.ran.length, 1);
    assert.equal(consumers(here.names.roll), 1);
  });

  it('leaves at once when told to while it tries to join again', async () => {
    const { bus, broker } = here.bus('volume-1', { countTimeout: 3_000 });
    const server = await bus.serve(VolumeApi, new OldService('volume-1'), { server: 'volume-1' });
    here.hub.ail(here.names.lane('3.1'), 'timeout');
    here.hub.cut(broker);
    await until(() => broker.state === 'up' && server.state === 'joining');
    for (let at = 0; at < 50; at++) await turn();
    const start = performance.now();
    await server.drain();
    assert.ok(performance.now() - start < 1_000);
    assert.equal(server.state, 'left');
  });

  it('and finds its broker closed by others gives up', async () => {
    const lost: unknown[] = [];
    const listen = (event: unknown): void => void ((event as ServerEvent).kind === 'lost' && lost.push(event));
    subscribe('lynchpin:server', listen);
    const { bus, broker } = here.bus('volume-1');
    await bus.serve(VolumeApi, new OldService('volume-1'), { server: 'volume-1' });
    await broker.close();
    for (let at = 0; at < 20; at++) await turn();
    unsubscribe('lynchpin:server', listen);
    assert.ok(lost.length <= 1, `lost ${lost.length} times`);
  });

  it('refuses bounds that are none', async () => {
    const { bus } = here.bus('volume-1');
    for (const options of [{ beat: 0 }, { drainTimeout: -1 }, { joinTimeout: Number.NaN }])
      await assert.rejects(bus.serve(VolumeApi, new OldService('volume-1'), options), code('DECLARATION'));
  });

  it('and may take for ever to leave waits for what it has in hand', async () => {
    const service = new OldService('volume-1');
    const { bus } = here.bus('volume-1');
    await bus.serve(VolumeApi, service, { server: 'volume-1', drainTimeout: Infinity });
    const call = (await here.bus('api-1').bus.client(VolumeApi)).call.work({ text: 'long', ms: 100 });
    await service.until((ran) => ran.length === 1);
    await bus.close();
    assert.equal(await call, 'volume-1: long');
    assert.equal(service.ran[0]?.signal.aborted, false);
  });
});
