import { strict as assert } from 'node:assert';
import { currentContext, type CallContext } from 'lynchpin';
import { Contract } from '#lynchpin/rpc/index.js';
import { code } from './code.js';
import * as newer from './fixtures/new.js';
import { VolumeApi } from './fixtures/old.js';
import { fired, OldService } from './fixtures/services.js';
import { HubWorld, turn, until } from './hub.js';

describe('a caller', () => {
  let here: HubWorld;
  beforeEach(() => {
    here = new HubWorld();
  });
  afterEach(() => here.close());

  const serve = async (options = {}, service = new OldService('volume-1')) => {
    const { bus, broker } = here.bus('volume-1');
    const server = await bus.serve(VolumeApi, service, { server: 'volume-1', ...options });
    return { service, server, broker };
  };
  const client = () => here.bus('api-1').bus.client(VolumeApi);

  it('that bounds silence and length gets as long as its length, and its handler knows it', async () => {
    const service = new OldService('volume-1');
    const seen: number[] = [];
    service.work = async (request, context: CallContext) => {
      seen.push(context.deadline - performance.now());
      await new Promise((resolve) => setTimeout(resolve, request.ms));
      return String(context.signal.aborted);
    };
    await serve({}, service);
    const volumes = await client();
    assert.equal(await volumes.call.work({ text: 'x', ms: 1_300 }, { silence: 1_000, timeout: 60_000 }), 'false');
    assert.ok((seen[0] ?? 0) > 55_000 && (seen[0] ?? 0) <= 60_000, String(seen[0]));
    assert.equal(await volumes.call.work({ text: 'x', ms: 10 }, { silence: 60_000, timeout: 5_000 }), 'false');
    assert.ok((seen[1] ?? Infinity) <= 5_000);
  });

  it('that bounds silence is answered though the connection of its server was away at that moment', async () => {
    const service = new OldService('volume-1');
    let end!: () => void;
    service.work = () => new Promise((resolve) => (end = () => resolve('late')));
    const { broker } = await serve({}, service);
    const volumes = await client();
    const call = volumes.call.work({ text: 'x' }, { silence: 1_000 });
    await until(() => end !== undefined);
    const start = performance.now();
    await until(() => performance.now() - start > 1_100);
    here.hub.isolate(broker);
    end();
    await turn();
    here.hub.rejoin(broker);
    assert.equal(await call, 'late');
  });

  it('whose client is closed is told CLOSED when that waits no longer, and its server is told too', async () => {
    const { service } = await serve();
    const volumes = await client();
    const call = volumes.call.work({ text: 'long', ms: 10_000 });
    const told = assert.rejects(call, code('CLOSED'));
    await service.until((ran) => ran.length === 1);
    await volumes.close({ timeout: 20 });
    await told;
    await fired(service.ran[0]?.signal);
    await assert.rejects(volumes.call.whoAmI(), code('CLOSED'));
  });

  it('whose cast the broker does not take is told CLOSED when its client is closed', async () => {
    const volumes = await client();
    await volumes.cast.note({ text: 'taken' });
    const told = assert.rejects(volumes.cast.note({ text: 'x' }, { timeout: 3_000 }), code('CLOSED'));
    here.hub.block();
    const start = performance.now();
    await volumes.close({ timeout: 20 });
    await told;
    assert.ok(performance.now() - start < 2_000, 'before its own bound');
  });

  it('that does not want to wait is told at once that nobody reads the version of an early method', async () => {
    await serve();
    // A newer server was here before, and its lane still is.
    await here.broker.ensureQueue(here.names.lane('3.4'));
    await here.broker.bind(here.names.lane('3.4'), here.names.exchange, '3.4');
    const volumes = await here.bus('api-1').bus.client(newer.VolumeApi);
    // The first census counts every version; those at rest count the pin and its neighbour.
    const open = performance.now();
    await until(() => performance.now() - open > 1_500);
    const start = performance.now();
    await assert.rejects(volumes.call.peek({ text: 'x' }, { whenAbsent: 'fail', timeout: 5_000 }), code('NO_SERVER'));
    assert.ok(performance.now() - start < 1_000);
  });

  it('whose own deadline has passed sends nothing', async () => {
    const { service } = await serve();
    const volumes = await client();
    const outer = new OldService('outer');
    let seen: unknown;
    outer.whoAmI = (async () => {
      const deadline = currentContext()?.deadline ?? 0;
      await until(() => performance.now() > deadline);
      seen = await volumes
        .at('volume-1')
        .call.note({ text: 'late' })
        .catch((error: unknown) => error);
      return 'outer';
    }) as never;
    await here.bus('outer').bus.serve(VolumeApi, outer, { server: 'outer' });
    const asking = await here.bus('api-2').bus.client(VolumeApi);
    // Whether the outer call still gets its late answer is a matter of microseconds, and not what is asked here.
    await asking
      .at('outer')
      .call.whoAmI(undefined, { timeout: 60 })
      .catch(() => undefined);
    await until(() => seen !== undefined);
    assert.ok(code('TIMEOUT')(seen) || code('CANCELLED')(seen));
    assert.equal(service.ran.length, 0);
  });
});

describe('an answer', () => {
  it('is in the newest version that both read, and in the nearest where there is none', () => {
    const contract = Contract.of(newer.VolumeApi);
    assert.equal(contract.answerVersion('3.2'), '3.2');
    assert.equal(contract.answerVersion('3.10'), '3.4');
    assert.equal(contract.answerVersion('2.17'), '3.0');
  });
});
