import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import { connect, drainOnSignal } from 'lynchpin';
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
