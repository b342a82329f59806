import { strict as assert } from 'node:assert';
import { LynchpinError, type Pin } from 'lynchpin';
import { code } from './code.js';
import * as newer from './fixtures/new.js';
import * as older from './fixtures/old.js';
import { NewService, OldService } from './fixtures/services.js';
import { WORLDS, world, type World } from './world.js';

for (const kind of WORLDS) {
  describe(`pins over ${kind}`, () => {
    let here: World;
    beforeEach(async function () {
      this.timeout(60_000);
      here = await world(kind);
    });
    afterEach(() => here.close());

    const serveOld = async (name: string) => {
      const service = new OldService(name);
      const bus = await here.bus(name);
      await bus.serve(older.VolumeApi, service, { server: name });
      return { bus, service };
    };
    const serveNew = async (name: string) => {
      const service = new NewService(name);
      const bus = await here.bus(name);
      await bus.serve(newer.VolumeApi, service, { server: name });
      return { bus, service };
    };
    const client = async (options = {}) => (await here.bus('api-1')).client(newer.VolumeApi, { settle: 300, ...options });
    const ready = async (queue: string): Promise<number> => {
      const count = await here.broker.count(queue);
      return count.known ? count.ready : 0;
    };

    const at = async (volumes: { readonly pin: Pin; watchPin(listener: () => void): () => void }, version: string): Promise<void> => {
      while (volumes.pin.version !== version) await new Promise<void>((resolve) => volumes.watchPin(() => resolve()));
    };

    it('are negotiated at start-up, and say who holds them', async () => {
      await serveOld('old-1');
      await serveNew('new-1');
      const volumes = await client();
      assert.equal(volumes.pin.version, '3.2');
      assert.equal(volumes.pin.state, 'held');
      while (volumes.pin.by.length === 0) await new Promise<void>((resolve) => volumes.watchPin(() => resolve()));
      assert.deepEqual(
        volumes.pin.by.map(({ server, version }) => ({ server, version })),
        [{ server: 'old-1', version: '3.2' }],
      );
      assert.match(volumes.pin.why, /old-1/);
      assert.equal(volumes.canSend('3.2'), true);
      assert.equal(volumes.canSend('3.4'), false);
    });

    it('go up when the last old server leaves and down when one comes back, and no call fails meanwhile', async () => {
      const old = await serveOld('old-1');
      const fresh = await serveNew('new-1');
      const volumes = await client();
      const versions: string[] = [volumes.pin.version];
      volumes.watchPin((now, before) => now.version !== before.version && versions.push(now.version));
      let calling = true;
      const load = Array.from({ length: 5 }, async () => {
        while (calling) await volumes.call.create({ sizeGb: 1 });
      });
      await old.bus.close();
      await at(volumes, '3.4');
      assert.equal(volumes.pin.state, 'released');
      await serveOld('old-2');
      await at(volumes, '3.2');
      calling = false;
      await Promise.all(load);
      assert.deepEqual(versions, ['3.2', '3.4', '3.2']);
      const seen = new Set(fresh.service.ran.map(({ version }) => version));
      assert.deepEqual(seen, new Set(['3.2', '3.4']));
    });

    it('refuse a method that the pinned version lacks, before anything is sent, and say who holds them', async () => {
      await serveOld('old-1');
      const fresh = await serveNew('new-1');
      const volumes = await client();
      await assert.rejects(
        volumes.call.extend({ id: 'v', sizeGb: 2 }),
        (error) => LynchpinError.is(error, 'PINNED') && error.details['since'] === '3.3' && error.details['pin'] === '3.2',
      );
      await assert.rejects(volumes.cast.extend({ id: 'v', sizeGb: 2 }), code('PINNED'));
      for (const version of ['3.2', '3.3', '3.4'] as const) assert.equal(await ready(here.names.lane(version)), 0);
      assert.equal(fresh.service.ran.length, 0);
    });

    it('refuse a field that cannot be expressed, unless it has its default', async () => {
      await serveOld('old-1');
      const volumes = await client();
      await assert.rejects(
        volumes.call.create({ sizeGb: 1, label: 'mine' }),
        (error) => LynchpinError.is(error, 'PINNED') && error.details['field'] === 'label',
      );
      assert.ok(await volumes.call.create({ sizeGb: 1, label: '' }));
    });

    it('let an early method through to those who have it: 200 calls half-way through fail 0 times', async () => {
      await serveOld('old-1');
      await serveNew('new-1');
      const volumes = await client();
      assert.equal(volumes.pin.version, '3.2');
      const answers = await Promise.all(Array.from({ length: 200 }, (_, at) => volumes.call.peek({ text: String(at) })));
      assert.equal(new Set(answers).size, 200);
    });

    it('can be set by hand to a version or a release', async () => {
      await serveNew('new-1');
      const by = await client({ pin: '3.1' });
      assert.equal(by.pin.version, '3.1');
      assert.equal(by.pin.state, 'capped');
      const release = await (await here.bus('api-2')).client(newer.VolumeApi, { pin: '2025.1', releases: { '2025.1': '3.3' } });
      assert.equal(release.pin.version, '3.3');
      await assert.rejects((await here.bus('api-3')).client(newer.VolumeApi, { pin: 'tuesday' }), code('DECLARATION'));
    });

    it('stay at the floor while no census tells anything', async () => {
      const volumes = await client();
      assert.equal(volumes.pin.version, '3.0');
      assert.equal(volumes.pin.state, 'unknown');
    });

    it('that fall leave nothing behind: what the new servers left on their lane is rescued', async () => {
      const fresh = await serveNew('new-1');
      const volumes = await client();
      assert.equal(volumes.pin.version, '3.4');
      await fresh.bus.close();
      const casts = Array.from({ length: 20 }, (_, at) => volumes.cast.note({ text: String(at) }));
      await Promise.all(casts);
      const call = volumes.call.create({ sizeGb: 3, tier: 'gold' });
      while ((await ready(here.names.lane('3.4'))) !== 21) await new Promise(setImmediate);
      const { service } = await serveOld('old-1');
      await service.until((ran) => ran.filter(({ method }) => method === 'note').length === 20);
      assert.equal((await call).tier, 'gold');
      assert.equal(await ready(here.names.lane('3.4')), 0);
      assert.equal(new Set(service.ran.map(({ id }) => id)).size, 21);
    });
  });
}
