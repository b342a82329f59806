import { strict as assert } from 'node:assert';
import { LynchpinError } from 'lynchpin';
import { code } from './code.js';
import { VolumeApi } from './fixtures/old.js';
import { OldService } from './fixtures/services.js';
import { WORLDS, world, type World } from './world.js';

for (const kind of WORLDS) {
  describe(`serving over ${kind}`, () => {
    let here: World;
    beforeEach(async function () {
      this.timeout(60_000);
      here = await world(kind);
    });
    afterEach(() => here.close());

    const client = async () => (await here.bus('api-1')).client(VolumeApi);
    const consumers = async (queue: string): Promise<number> => {
      const count = await here.broker.count(queue);
      return count.known ? count.consumers : -1;
    };

    it('puts one consumer on the roll and on each version that is read, and takes them off again', async () => {
      const bus = await here.bus('volume-1');
      const server = await bus.serve(VolumeApi, new OldService('volume-1'), { server: 'volume-1' });
      assert.equal(bus.ready, true);
      for (const queue of [here.names.roll, here.names.rollAt('3.0'), here.names.rollAt('3.2'), here.names.lane('3.1')])
        assert.equal(await consumers(queue), 1, queue);
      await server.drain();
      assert.equal(bus.ready, false);
      for (const queue of [here.names.roll, here.names.rollAt('3.0'), here.names.rollAt('3.2'), here.names.lane('3.1')])
        assert.equal(await consumers(queue), 0, queue);
    });

    it('refuses a second process of the same name', async () => {
      await (await here.bus('one')).serve(VolumeApi, new OldService('volume-1'), { server: 'volume-1' });
      await assert.rejects(
        (await here.bus('two')).serve(VolumeApi, new OldService('volume-1'), { server: 'volume-1' }),
        code('NAME_IN_USE'),
      );
      assert.equal(await consumers(here.names.roll), 1);
      assert.equal(await consumers(here.names.lane('3.2')), 1);
    });

    it('refuses a service that lacks a method', async () => {
      const bus = await here.bus('volume-1');
      await assert.rejects(
        bus.serve(VolumeApi, { create: () => undefined } as never),
        (error) => LynchpinError.is(error, 'DECLARATION') && error.message.includes('whoAmI'),
      );
    });

    it('joins anew after its connection broke, and never stands twice on the roll', async () => {
      const line = await here.line('volume-1');
      const service = new OldService('volume-1');
      const server = await line.bus.serve(VolumeApi, service, { server: 'volume-1' });
      const volumes = await client();
      for (let round = 0; round < 3; round++) {
        line.cut();
        assert.equal(await volumes.call.workAgain({ text: String(round) }), `volume-1: ${round}`);
        while (server.state !== 'serving' || (await consumers(here.names.roll)) !== 1) await new Promise(setImmediate);
      }
      assert.equal(await consumers(here.names.rollAt('3.2')), 1);
    });

    it('hands back what it never started, without making it look half-done', async () => {
      const first = await here.bus('volume-1');
      const busy = new OldService('volume-1');
      const server = await first.serve(VolumeApi, busy, { server: 'volume-1', concurrency: 2 });
      const volumes = await client();
      const calls = Array.from({ length: 30 }, (_, at) => volumes.call.work({ text: String(at), ms: at < 2 ? 300 : 0 }));
      await busy.until((ran) => ran.length === 2);
      const leaving = server.drain();
      const second = new OldService('volume-2');
      await (await here.bus('volume-2')).serve(VolumeApi, second, { server: 'volume-2' });
      const answers = await Promise.all(calls);
      await leaving;
      assert.equal(new Set(answers.map((answer) => answer.split(': ')[1])).size, 30);
      assert.equal(busy.ran.length + second.ran.length, 30);
      assert.equal(busy.ran.length, 2);
    });

    it('fires the signal of what does not end within the bound of draining', async () => {
      const bus = await here.bus('volume-1');
      const service = new OldService('volume-1');
      const server = await bus.serve(VolumeApi, service, { server: 'volume-1' });
      const call = (await client()).call.work({ text: 'endless', ms: 15_000 }).catch((error: unknown) => error);
      await service.until((ran) => ran.length === 1);
      await server.drain({ timeout: 50 });
      assert.equal(service.ran[0]?.signal.aborted, true);
      assert.ok(LynchpinError.is(await call, 'DRAINING', 'MAYBE_EXECUTED'));
    });

    it('does not run again what may have run: a call is told, a cast stands with the dead letters', async () => {
      const line = await here.line('volume-1');
      const service = new OldService('volume-1');
      await line.bus.serve(VolumeApi, service, { server: 'volume-1' });
      const volumes = await client();
      const call = volumes.call.work({ text: 'once', ms: 15_000 }).catch((error: unknown) => error);
      await service.until((ran) => ran.length === 1);
      const second = new OldService('volume-2');
      await (await here.bus('volume-2')).serve(VolumeApi, second, { server: 'volume-2' });
      service.ran.length = 0;
      await line.bus.close({ timeout: 1 });
      assert.ok(LynchpinError.is(await call, 'MAYBE_EXECUTED', 'DRAINING'));
      assert.equal(second.ran.length, 0);
    });

    it('runs an idempotent request again when its server dies', async () => {
      const line = await here.line('volume-1');
      const service = new OldService('volume-1');
      await line.bus.serve(VolumeApi, service, { server: 'volume-1' });
      const volumes = await client();
      const call = volumes.call.workAgain({ text: 'twice', ms: 400 });
      await service.until((ran) => ran.length === 1);
      const second = new OldService('volume-2');
      await (await here.bus('volume-2')).serve(VolumeApi, second, { server: 'volume-2' });
      line.cut();
      assert.match(await call, /^volume-[12]: twice$/);
    });

    it('is replaced instance by instance under 300 calls, none lost and none run twice', async () => {
      const services: OldService[] = [];
      const start = async (name: string) => {
        const bus = await here.bus(name);
        const service = new OldService(name);
        services.push(service);
        await bus.serve(VolumeApi, service, { server: name });
        return bus;
      };
      const fleet = [await start('a'), await start('b'), await start('c')];
      const volumes = await client();
      const calls = Array.from({ length: 300 }, (_, at) => volumes.call.work({ text: String(at), ms: at % 40 }));
      for (const [at, bus] of fleet.entries()) {
        await bus.close();
        await start(`next-${at}`);
      }
      const answers = await Promise.all(calls);
      assert.equal(new Set(answers.map((answer) => answer.split(': ')[1])).size, 300);
      const runs = services.flatMap(({ ran }) => ran).filter(({ method }) => method === 'work');
      assert.equal(runs.length, 300);
      assert.equal(new Set(runs.map(({ id }) => id)).size, 300);
    });

    it('restarts as the only server without failing a call that can wait', async () => {
      const bus = await here.bus('volume-1');
      await bus.serve(VolumeApi, new OldService('volume-1'), { server: 'volume-1' });
      const volumes = await client();
      let calling = true;
      const answers: string[] = [];
      const load = Array.from({ length: 10 }, async () => {
        while (calling) answers.push(await volumes.call.work({ text: 'x', ms: 5 }));
      });
      await volumes.call.whoAmI();
      await bus.close();
      await (await here.bus('volume-1b')).serve(VolumeApi, new OldService('volume-1b'), { server: 'volume-1' });
      while (!answers.some((answer) => answer.startsWith('volume-1b'))) await new Promise(setImmediate);
      calling = false;
      await Promise.all(load);
      assert.ok(answers.some((answer) => answer.startsWith('volume-1:')));
    });
  });
}
