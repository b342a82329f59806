import { strict as assert } from 'node:assert';
import { code } from './code.js';
import * as newer from './fixtures/new.js';
import { VolumeApi } from './fixtures/old.js';
import { NewService, OldService, type Ran } from './fixtures/services.js';
import { WORLDS, world, type World } from './world.js';

for (const kind of WORLDS) {
  describe(`casts over ${kind}`, () => {
    let here: World;
    beforeEach(async function () {
      this.timeout(60_000);
      here = await world(kind);
    });
    afterEach(() => here.close());

    const serve = async (name: string, options = {}): Promise<OldService> => {
      const service = new OldService(name);
      await (await here.bus(name)).serve(VolumeApi, service, { server: name, ...options });
      return service;
    };
    const client = async () => (await here.bus('api-1')).client(VolumeApi);
    const notes = (count: number) => (ran: readonly Ran[]) => ran.filter(({ method }) => method === 'note').length >= count;

    it('wait on their lane until a server comes', async () => {
      const volumes = await client();
      await volumes.cast.note({ text: 'early' });
      const service = await serve('volume-1');
      await service.until(notes(1));
      assert.deepEqual({ ...(service.ran[0]?.request as object) }, { text: 'early' });
    });

    it('whose handler fails stand with the dead letters, with their reason', async () => {
      const service = await serve('volume-1');
      const volumes = await client();
      await volumes.cast.fail({ text: 'v-1' });
      await service.until((ran) => ran.length === 1);
      let dead = await here.take(here.names.dead);
      while (dead === undefined) dead = await here.take(here.names.dead);
      assert.equal(dead.headers?.['lynchpin-reason'], 'HANDLER_FAILED');
      assert.equal(dead.type, 'fail@3.2');
      assert.deepEqual(JSON.parse(dead.body.toString()), { text: 'v-1' });
      assert.equal(service.ran.length, 1);
    });

    it('to every server reach each of them exactly once', async () => {
      const services = [await serve('volume-1'), await serve('volume-2'), await serve('volume-3')];
      const volumes = await client();
      for (let at = 0; at < 10; at++) await volumes.fanout.note({ text: String(at) });
      for (const service of services) {
        await service.until(notes(10));
        await volumes.at(service.name).call.whoAmI();
        assert.deepEqual(
          service.ran.filter(({ method }) => method === 'note').map(({ request }) => (request as { text: string }).text),
          ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
        );
      }
    });

    it('to one server by name reach that one, and wait while it restarts', async () => {
      const bus = await here.bus('volume-2');
      await bus.serve(VolumeApi, new OldService('volume-2'), { server: 'volume-2' });
      const other = await serve('volume-1');
      const volumes = await client();
      await bus.close();
      await volumes.at('volume-2').cast.note({ text: 'for you' });
      const waiting = volumes.at('volume-2').call.whoAmI();
      const back = await serve('volume-2');
      await back.until(notes(1));
      assert.equal(await waiting, 'volume-2');
      assert.equal(other.ran.length, 0);
    });

    it('and calls to a server that never was are NO_SUCH_SERVER; a fanout to a topic that never had one is NO_SERVER', async () => {
      const volumes = await client();
      await assert.rejects(volumes.fanout.note({ text: 'x' }), code('NO_SERVER'));
      await serve('volume-1');
      await assert.rejects(volumes.at('volume-9').cast.note({ text: 'x' }), code('NO_SUCH_SERVER'));
      await assert.rejects(volumes.at('volume-9').call.whoAmI(), code('NO_SUCH_SERVER'));
    });

    it('and calls to a server that is not there now are NO_SERVER at once, or at their deadline', async () => {
      const bus = await here.bus('volume-2');
      await bus.serve(VolumeApi, new OldService('volume-2'), { server: 'volume-2' });
      const volumes = await client();
      await bus.close();
      await assert.rejects(volumes.at('volume-2').call.whoAmI(undefined, { whenAbsent: 'fail' }), code('NO_SERVER'));
      await assert.rejects(volumes.at('volume-2').call.whoAmI(undefined, { timeout: 2_000 }), code('NO_SERVER'));
    });

    it('under way when the connection breaks are published again', async () => {
      const service = await serve('volume-1');
      const line = await here.line('api-1');
      const volumes = await line.bus.client(VolumeApi);
      const casts = Array.from({ length: 50 }, (_, at) => volumes.cast.touch({ text: String(at) }));
      line.cut();
      await Promise.all(casts);
      await service.until((ran) => new Set(ran.map(({ request }) => (request as { text: string }).text)).size === 50);
    });

    it('that a server cannot read after a roll-back are handed back, and come again in a version that it reads', async () => {
      const first = await here.bus('volume-1');
      await first.serve(newer.VolumeApi, new NewService('volume-1'), { server: 'volume-1' });
      const volumes = await (await here.bus('api-2')).client(newer.VolumeApi, { settle: 60_000 });
      assert.equal(volumes.pin.version, '3.4');
      await first.close();
      const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
      await volumes.at('volume-1').cast.note({ text: 'one' }, { traceparent });
      await volumes.fanout.note({ text: 'all' }, { traceparent });
      const call = volumes.at('volume-1').call.create({ sizeGb: 5, tier: 'gold' });
      const older = await serve('volume-1', { concurrency: 1 });
      await older.until(notes(2));
      assert.equal((await call).tier, 'gold');
      assert.deepEqual(new Set(older.ran.map(({ version }) => version)), new Set(['3.2']));
      const notesRan = older.ran.filter(({ method }) => method === 'note');
      assert.deepEqual(
        notesRan.map((ran) => ran.traceparent),
        [traceparent, traceparent],
      );
      assert.deepEqual(await here.broker.count(here.names.parked('volume-1')), { known: false, reason: 'missing' });
    });

    it('that a server cannot read and whose sender is gone are parked', async () => {
      const first = await here.bus('volume-1');
      await first.serve(newer.VolumeApi, new NewService('volume-1'), { server: 'volume-1' });
      const sender = await here.bus('api-2');
      const volumes = await sender.client(newer.VolumeApi);
      await first.close();
      await volumes.at('volume-1').cast.note({ text: 'one' });
      await sender.close();
      const older = await serve('volume-1');
      let parked = await here.take(here.names.parked('volume-1')).catch(() => undefined);
      while (parked === undefined) parked = await here.take(here.names.parked('volume-1')).catch(() => undefined);
      assert.equal(parked.type, 'note@3.4');
      assert.deepEqual(JSON.parse(parked.body.toString()), { text: 'one' });
      assert.equal(older.ran.length, 0);
    });
  });
}
