import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect, drainOnSignal, MemoryHub, readiness } from 'lynchpin';
import { VolumeApi } from '../rpc/fixtures/old.js';
import { OldService } from '../rpc/fixtures/services.js';

const signal = (): void => void process.kill(process.pid, 'SIGUSR2');

describe('a bus that is drained on a signal', () => {
  it('says which signal has come, then leaves', async () => {
    const bus = await connect('memory:');
    const server = await bus.serve(VolumeApi, new OldService('volume-1'), { server: 'volume-1' });
    const seen: string[] = [];
    drainOnSignal(bus, { signals: ['SIGUSR2'], onSignal: (name) => seen.push(`${name} while ${server.state}`) });
    const came = once(process, 'SIGUSR2');
    signal();
    await came;
    await bus.close();
    assert.deepEqual(seen, ['SIGUSR2 while serving']);
    assert.equal(server.state, 'left');
    assert.equal(process.listenerCount('SIGUSR2'), 0, 'the next one has its usual effect');
  });

  it('stays when it was told not to listen any more', async () => {
    const bus = await connect('memory:');
    const stop = drainOnSignal(bus, { signals: ['SIGUSR2'] });
    stop();
    stop();
    assert.equal(process.listenerCount('SIGUSR2'), 0);
    const came = once(process, 'SIGUSR2');
    signal();
    await came;
    assert.equal(bus.ready, true);
    await bus.close();
  });

  it('listens to SIGTERM and SIGINT unless told otherwise', async () => {
    const bus = await connect('memory:');
    const before = ['SIGTERM', 'SIGINT'].map((name) => process.listenerCount(name));
    const stop = drainOnSignal(bus);
    const during = ['SIGTERM', 'SIGINT'].map((name) => process.listenerCount(name));
    stop();
    assert.deepEqual(
      during,
      before.map((count) => count + 1),
    );
    await bus.close();
  });
});

describe('a readiness probe', () => {
  it('says 200 while a bus may be sent work and 503 otherwise, with the facts', async () => {
    const hub = new MemoryHub();
    const bus = await connect(hub, { backoff: { first: 1, most: 10 } });
    const probe = createServer(readiness(bus)).listen(0, '127.0.0.1');
    await once(probe, 'listening');
    const ask = async (): Promise<unknown> => {
      const response = await fetch(`http://127.0.0.1:${(probe.address() as AddressInfo).port}/`);
      assert.equal(response.headers.get('content-type'), 'application/json');
      assert.equal(response.headers.get('cache-control'), 'no-store');
      return [response.status, await response.json()];
    };
    const servers = (state: string, running = 0) => [{ name: 'volume-1', state, running, waiting: 0 }];
    assert.deepEqual(await ask(), [200, { ready: true, broker: 'up', servers: [] }]);
    const service = new OldService('volume-1');
    const server = await bus.serve(VolumeApi, service, { server: 'volume-1' });
    const volumes = await bus.client(VolumeApi);
    const call = volumes.call.work({ text: 'a', ms: 200 });
    await service.until((ran) => ran.length === 1);
    assert.deepEqual(await ask(), [200, { ready: true, broker: 'up', servers: servers('serving', 1) }]);
    const draining = server.drain();
    assert.deepEqual(await ask(), [503, { ready: false, broker: 'up', servers: servers('draining', 1) }]);
    await call;
    await draining;
    assert.deepEqual(await ask(), [503, { ready: false, broker: 'up', servers: servers('left') }]);
    await bus.close();
    assert.deepEqual(await ask(), [503, { ready: false, broker: 'closed', servers: servers('left') }]);
    probe.close();
    await once(probe, 'close');
  });
});
