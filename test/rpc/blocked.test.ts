import { strict as assert } from 'node:assert';
import { Bus, MemoryHub } from 'lynchpin';
import { code } from './code.js';
import { VolumeApi } from './fixtures/old.js';
import { OldService } from './fixtures/services.js';

describe('a broker that blocks publishers', () => {
  it('is waited for: what times out meanwhile does not run later, what has time is answered', async () => {
    const hub = new MemoryHub();
    const server = new Bus(hub.connect(), 'server', {});
    const api = new Bus(hub.connect(), 'api', {});
    try {
      const service = new OldService('volume-1');
      await server.serve(VolumeApi, service, { server: 'volume-1' });
      const volumes = await api.client(VolumeApi);
      hub.block();
      await assert.rejects(volumes.call.work({ text: 'short' }, { timeout: 100 }), code('CONNECTION'));
      const patient = volumes.call.work({ text: 'patient' });
      const cast = volumes.cast.note({ text: 'kept' });
      hub.unblock();
      assert.equal(await patient, 'volume-1: patient');
      await cast;
      await service.until((ran) => ran.length === 2);
      assert.ok(service.ran.every(({ request }) => (request as { text: string }).text !== 'short'));
    } finally {
      hub.unblock();
      await Promise.all([server.close(), api.close()]);
    }
  });
});
