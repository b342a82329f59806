import assert from 'node:assert/strict';
import { MemoryHub } from 'lynchpin';
import { VolumeApi } from '../rpc/fixtures/new.js';
import { NewService } from '../rpc/fixtures/services.js';
import { HubWorld, until } from '../rpc/hub.js';

for (const logs of [true, false]) {
  describe(`a fleet ${logs ? 'with a ledger' : 'on a broker without logs'}`, () => {
    let here: HubWorld;
    beforeEach(() => {
      here = new HubWorld(new MemoryHub('', { logs }));
    });
    afterEach(() => here.close());

    it('is held by one of its processes, and released by another', async () => {
      await here.bus('volume-1').bus.serve(VolumeApi, new NewService('volume-1'), { server: 'volume-1' });
      const [one, two] = [here.bus('api-1').bus, here.bus('api-2').bus];
      const clients = [await one.client(VolumeApi), await two.client(VolumeApi)];
      for (const { pin } of clients) assert.equal(pin.state, 'released');
      const hold = await one.fleet.hold('volume', { until: '3.2', reason: 'storage is not ready' });
      await until(() => clients.every(({ pin }) => pin.version === '3.2' && pin.heldBack === '3.4'));
      const late = await here.bus('api-3').bus.client(VolumeApi);
      assert.deepEqual([late.pin.version, late.pin.holds.map(({ id }) => id)], ['3.2', [hold.id]]);
      const ended = await two.fleet.release('volume', { reason: 'it is' });
      assert.deepEqual(
        ended.map(({ id }) => id),
        [hold.id],
      );
      await until(() => [...clients, late].every(({ pin }) => pin.state === 'released' && pin.holds.length === 0));
    });
  });
}
