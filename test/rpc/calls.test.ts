import { strict as assert } from 'node:assert';
import { LynchpinError, ServiceError, type CallContext } from 'lynchpin';
import { code } from './code.js';
import * as newer from './fixtures/new.js';
import { Volume, VolumeApi, VolumeBusy } from './fixtures/old.js';
import { fired, NewService, OldService } from './fixtures/services.js';
import { WORLDS, world, type World } from './world.js';

for (const kind of WORLDS) {
  describe(`calls over ${kind}`, () => {
    let here: World;
    beforeEach(async function () {
      this.timeout(60_000);
      here = await world(kind);
    });
    afterEach(() => here.close());

    const serve = async (name = 'volume-1', options = {}): Promise<OldService> => {
      const service = new OldService(name);
      await (await here.bus(name)).serve(VolumeApi, service, { server: name, ...options });
      return service;
    };
    const client = async (options = {}) => (await here.bus('api-1')).client(VolumeApi, options);

    it('are answered with instances whose defaults are filled in', async () => {
      const service = await serve();
      const volume = await (await client()).call.create({ sizeGb: 10 });
      assert.ok(volume instanceof Volume);
      assert.deepEqual(Object.assign({}, volume), { id: volume.id, sizeGb: 10, tier: 'standard', host: 'node-1' });
      assert.equal(service.ran.length, 1);
    });

    it('reach a method without arguments, and one that answers nothing', async () => {
      const service = await serve();
      const volumes = await client();
      assert.equal(await volumes.call.whoAmI(), 'volume-1');
      assert.equal(await volumes.call.note({ text: 'x' }), undefined);
      assert.deepEqual(
        service.ran.map(({ method }) => method),
        ['whoAmI', 'note'],
      );
    });

    it('whose handler throws a declared error are answered with it, at once and once', async () => {
      const service = await serve();
      const volumes = await client();
      await assert.rejects(
        volumes.call.fail({ text: 'v-7' }),
        (error) =>
          error instanceof VolumeBusy && error instanceof ServiceError && error.data.id === 'v-7' && error.message === 'it is attached',
      );
      await volumes.call.whoAmI();
      assert.equal(service.ran.filter(({ method }) => method === 'fail').length, 1);
    });

    it('whose handler throws anything else are answered HANDLER_FAILED, without its text', async () => {
      await serve();
      await assert.rejects((await client()).call.fail({ text: 'undeclared' }), (error) => {
        assert.ok(LynchpinError.is(error, 'HANDLER_FAILED'));
        assert.ok(!JSON.stringify([error.message, error.details]).includes('secret'));
        return true;
      });
    });

    it('bring errors of the library across with their code', async () => {
      await serve();
      await assert.rejects((await client()).call.fail({ text: 'own' }), code('FORBIDDEN'));
    });

    it('with a request that does not fit are INVALID before anything is sent', async () => {
      const service = await serve();
      await assert.rejects((await client()).call.create({ sizeGb: 0 }), code('INVALID'));
      assert.equal(service.ran.length, 0);
    });

    it('time out at their deadline, and what waited for its turn does not run later', async () => {
      const service = await serve('volume-1', { concurrency: 1 });
      const volumes = await client();
      const slow = volumes.call.work({ text: 'slow', ms: 600 });
      await service.until((ran) => ran.length === 1);
      const start = performance.now();
      await assert.rejects(volumes.call.work({ text: 'late' }, { timeout: 150 }), code('TIMEOUT'));
      assert.ok(performance.now() - start < 500);
      assert.equal(await slow, 'volume-1: slow');
      await volumes.call.whoAmI();
      assert.deepEqual(
        service.ran.map(({ method }) => method),
        ['work', 'whoAmI'],
      );
    });

    it('that the caller gives up are CANCELLED: one that runs sees its signal fire, one that waits does not run', async () => {
      const service = await serve('volume-1', { concurrency: 1 });
      const volumes = await client();
      const patience = new AbortController();
      const running = volumes.call.work({ text: 'runs', ms: 10_000 }, { signal: patience.signal });
      await service.until((ran) => ran.length === 1);
      const waiting = volumes.call.work({ text: 'waits' }, { signal: patience.signal });
      patience.abort();
      await assert.rejects(running, code('CANCELLED'));
      await assert.rejects(waiting, code('CANCELLED'));
      assert.equal(await volumes.call.whoAmI(), 'volume-1');
      await fired(service.ran[0]?.signal);
      assert.equal(service.ran.length, 2);
    });

    it('whose signal has fired already send nothing', async () => {
      const service = await serve();
      const volumes = await client();
      await assert.rejects(volumes.call.note({ text: 'x' }, { signal: AbortSignal.abort() }), code('CANCELLED'));
      await volumes.call.whoAmI();
      assert.equal(service.ran.length, 1);
    });

    it('fail with NO_SERVER at once when asked so, at their deadline otherwise', async () => {
      const volumes = await client();
      const start = performance.now();
      await assert.rejects(volumes.call.whoAmI(undefined, { whenAbsent: 'fail' }), code('NO_SERVER'));
      const fast = performance.now() - start;
      await assert.rejects(volumes.call.whoAmI(undefined, { timeout: 1_500 }), code('NO_SERVER'));
      const slow = performance.now() - start - fast;
      assert.ok(slow >= 1_400 && fast < slow / 2, `${fast} and ${slow} ms`);
    });

    it('wait for a server that comes later', async () => {
      const volumes = await client();
      const waiting = Array.from({ length: 20 }, (_, at) => volumes.call.work({ text: String(at) }));
      await serve();
      assert.deepEqual(
        await Promise.all(waiting),
        waiting.map((_, at) => `volume-1: ${at}`),
      );
    });

    it('bound by silence alone live as long as their handler gives signs of life', async () => {
      await serve('volume-1');
      const volumes = await client();
      assert.equal(await volumes.call.work({ text: 'long', ms: 2_500 }, { silence: 1_000 }), 'volume-1: long');
    });

    it('bound by silence alone fail when no sign of life comes', async () => {
      const service = await serve('volume-1', { concurrency: 1 });
      const volumes = await client();
      const busy = volumes.call.work({ text: 'busy', ms: 1_400 });
      await service.until((ran) => ran.length === 1);
      await assert.rejects(volumes.call.work({ text: 'waits' }, { silence: 1_000 }), code('TIMEOUT'));
      await busy;
    });

    it('need some bound', async () => {
      const volumes = await client();
      await assert.rejects(volumes.call.whoAmI(undefined, { timeout: Infinity }), code('INVALID'));
      await assert.rejects(volumes.call.whoAmI(undefined, { timeout: -1 }), code('INVALID'));
      await assert.rejects(volumes.call.whoAmI(undefined, { silence: 10 }), code('INVALID'));
    });

    it('made by a handler inherit deadline, trace context and origin, and are given up with it', async () => {
      const inner = new OldService('inner');
      const middle = await here.bus('middle');
      const onward = await middle.client(VolumeApi);
      const seen: Pick<CallContext, 'caller' | 'origin' | 'traceparent' | 'deadline'>[] = [];
      inner.whoAmI = (context) => {
        const { caller, origin, traceparent, deadline } = context;
        seen.push({ caller, origin, traceparent, deadline: deadline - performance.now() });
        return 'inner';
      };
      await (await here.bus('inner')).serve(VolumeApi, inner, { server: 'inner' });
      const outer = new OldService('middle');
      outer.whoAmI = () => onward.at('inner').call.whoAmI() as never;
      outer.work = () => onward.at('inner').call.work({ text: 'nested', ms: 10_000 });
      await middle.serve(VolumeApi, outer, { server: 'middle' });
      const volumes = await client();
      const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
      assert.equal(await volumes.at('middle').call.whoAmI(undefined, { timeout: 5_000, traceparent }), 'inner');
      assert.equal(seen[0]?.caller, 'middle');
      assert.equal(seen[0]?.origin, 'api-1');
      assert.equal(seen[0]?.traceparent, traceparent);
      assert.ok((seen[0]?.deadline ?? Infinity) <= 5_000);

      const patience = new AbortController();
      const nested = volumes.at('middle').call.work({ text: 'x' }, { signal: patience.signal });
      await inner.until((ran) => ran.length === 1);
      patience.abort();
      await assert.rejects(nested, code('CANCELLED'));
      await fired(inner.ran[0]?.signal);
    });

    it('and handlers can be intercepted, the first outermost, on both sides', async () => {
      const steps: string[] = [];
      const step = (name: string) => (next: (call: never) => Promise<unknown>) => async (call: never) => {
        steps.push(`${name} in`);
        const result = await next(call);
        steps.push(`${name} out`);
        return `${String(result)}!`;
      };
      await serve('volume-1', { interceptors: [step('outer server'), step('inner server')] });
      const volumes = await client({ interceptors: [step('outer client'), step('inner client')] });
      assert.equal(await volumes.call.work({ text: 'x' }), 'volume-1: x!!!!');
      assert.deepEqual(steps, [
        'outer client in',
        'inner client in',
        'outer server in',
        'inner server in',
        'inner server out',
        'outer server out',
        'inner client out',
        'outer client out',
      ]);
    });

    it('in hand when their server and client close are all answered', async () => {
      const bus = await here.bus('volume-1');
      const service = new OldService('volume-1');
      await bus.serve(VolumeApi, service, { server: 'volume-1' });
      const api = await here.bus('api-1');
      const volumes = await api.client(VolumeApi);
      const calls = Array.from({ length: 50 }, (_, at) => volumes.call.work({ text: String(at), ms: 100 }));
      await service.until((ran) => ran.length === 50);
      await Promise.all([bus.close(), api.close()]);
      const answers = await Promise.all(calls);
      assert.equal(new Set(answers).size, 50);
      await assert.rejects(volumes.call.whoAmI(), code('CLOSED'));
    });

    it('still in hand when the patience of closing ends fail with CLOSED', async () => {
      const service = await serve();
      const volumes = await client();
      const call = volumes.call.work({ text: 'long', ms: 3_000 });
      await service.until((ran) => ran.length === 1);
      const start = performance.now();
      await Promise.all([volumes.close({ timeout: 50 }), assert.rejects(call, code('CLOSED'))]);
      assert.ok(performance.now() - start < 2_000);
    });

    it('in flight when their socket is cut settle at once; idempotent ones are sent again', async () => {
      const service = await serve();
      const line = await here.line('api-1');
      const volumes = await line.bus.client(VolumeApi);
      const calls = Array.from({ length: 20 }, (_, at) => volumes.call.work({ text: String(at), ms: 1_500 }));
      const again = volumes.call.workAgain({ text: 'again', ms: 10 });
      await again;
      await service.until((ran) => ran.length === 21);
      const repeated = volumes.call.workAgain({ text: 'repeated', ms: 1_000 });
      await service.until((ran) => ran.length === 22);
      const start = performance.now();
      line.cut();
      const settled = await Promise.allSettled(calls);
      assert.ok(performance.now() - start < 1_000, 'they settle well before their handlers end');
      for (const outcome of settled) assert.ok(outcome.status === 'rejected' && LynchpinError.is(outcome.reason, 'CONNECTION'));
      assert.equal(await repeated, 'volume-1: repeated');
    });

    it('to an older server are answered in what the caller reads', async () => {
      await serve();
      const volumes = await (await here.bus('api-2')).client(newer.VolumeApi);
      assert.equal(volumes.pin.version, '3.2');
      const volume = await volumes.call.create({ sizeGb: 10 });
      assert.ok(volume instanceof newer.Volume);
      assert.deepEqual(volume.attachments, [Object.assign(new newer.Attachment(), { host: 'node-1' })]);
    });

    it('from an older client are answered without what it does not know, also where the same class is taken and returned', async () => {
      await (await here.bus('new-1')).serve(newer.VolumeApi, new NewService('new-1'), { server: 'new-1' });
      const echoed = await (await client()).call.echo({ sizeGb: 10, tier: 'gold' });
      assert.deepEqual(Object.assign({}, echoed), { sizeGb: 10, tier: 'gold' });
    });

    it('from an older client are answered in what it reads', async () => {
      await (await here.bus('new-1')).serve(newer.VolumeApi, new NewService('new-1'), { server: 'new-1' });
      const volume = await (await client()).call.create({ sizeGb: 10, tier: 'gold' });
      assert.deepEqual(Object.assign({}, volume), { id: volume.id, sizeGb: 10, tier: 'gold', host: 'node-1' });
    });
  });
}
