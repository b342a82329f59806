import { strict as assert } from 'node:assert';
import { LynchpinError, Rpc, RpcApi, ServiceError, t, UnknownServiceError, type Method } from 'lynchpin';
import { Switchboard } from '#lynchpin/rpc/switchboard.js';
import { code } from './code.js';
import { VolumeApi, VolumeBusy } from './fixtures/old.js';
import { OldService } from './fixtures/services.js';
import { HubWorld, turn, until } from './hub.js';

class Picky extends ServiceError<{ id: string }> {
  readonly key: string;
  constructor(message: string, data: { id: string }) {
    super(message, data);
    this.key = data.id.toUpperCase();
  }
}

@RpcApi({ topic: 'volume', version: '3.2', errors: [Picky] })
class PickyApi {
  @Rpc({ returns: t.string() }) whoAmI!: Method<void, string>;
}

describe('what goes wrong on the way', () => {
  let here: HubWorld;
  let rejections: unknown[];
  const note = (reason: unknown): void => void rejections.push(reason);
  beforeEach(() => {
    here = new HubWorld();
    rejections = [];
    process.prependListener('unhandledRejection', note);
  });
  afterEach(async () => {
    await here.close();
    await turn();
    process.off('unhandledRejection', note);
    assert.deepEqual(rejections, []);
  });

  const serve = async (service = new OldService('volume-1')): Promise<OldService> => {
    await here.bus(service.name).bus.serve(VolumeApi, service, { server: service.name });
    return service;
  };

  it('an error with data that JSON cannot say is answered HANDLER_FAILED, and the server lives', async () => {
    const service = new OldService('volume-1');
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;
    const failures = [
      new VolumeBusy('attached', { id: 1n as never }),
      new LynchpinError('INVALID', 'own', circle),
      new VolumeBusy('attached', circle as never),
    ];
    service.fail = () => {
      throw failures.shift() as Error;
    };
    await serve(service);
    const volumes = await here.bus('api-1').bus.client(VolumeApi);
    for (const expected of ['HANDLER_FAILED', 'INVALID', 'HANDLER_FAILED'] as const)
      await assert.rejects(volumes.call.fail({ text: 'x' }), code(expected));
    assert.equal(await volumes.call.whoAmI(), 'volume-1');
  });

  it('an answer whose error is of another shape than its class expects costs that call alone', async () => {
    await here.broker.ensureQueue(here.names.server('odd'));
    const intake = await here.broker.openIntake(() => undefined);
    const bodies = [
      '{"error":{"name":"Picky","message":"m"}}',
      '{"error":{"name":{"toString":1,"valueOf":1},"message":"m"}}',
      '{"code":"toString","message":"m"}',
      '{"error":{"name":"Picky","message":"m","data":{"id":"a"}}}',
    ];
    await intake.consume(here.names.server('odd'), { prefetch: 0, noAck: true }, ({ replyTo, messageId }) => {
      const body = Buffer.from(bodies.shift() ?? '');
      void here.broker.publish({ exchange: '', routingKey: replyTo as string, correlationId: messageId, type: 'error', body });
    });
    await serve();
    const { bus } = here.bus('api-1');
    const bystander = (await bus.client(VolumeApi)).call.work({ text: 'x', ms: 150 });
    const volumes = await bus.client(PickyApi);
    const ask = (): Promise<string> => volumes.at('odd').call.whoAmI();
    await assert.rejects(ask(), (error) => error instanceof UnknownServiceError);
    await assert.rejects(ask(), code('PROTOCOL'));
    await assert.rejects(ask(), code('HANDLER_FAILED'));
    await assert.rejects(ask(), (error) => error instanceof Picky && error.key === 'A');
    assert.equal(await bystander, 'volume-1: x');
  });

  it('a connection that breaks while the way back for answers is being opened is made anew', async () => {
    const { broker } = here.bus('api-1', { backoff: { first: 1, most: 1 } });
    for (let turns = 0; turns < 6; turns++) {
      await until(() => broker.state === 'up');
      const switchboard = new Switchboard(broker);
      const opening = switchboard.ready();
      for (let at = 0; at < turns; at++) await turn();
      here.hub.cut(broker);
      await opening;
      assert.equal((await switchboard.ready())?.open, true);
      await switchboard.close();
    }
  });

  it('a cast that was given up before it began is forgotten, also when the bus closes without a broker', async () => {
    const { bus, broker } = here.bus('api-1');
    const volumes = await bus.client(VolumeApi);
    here.hub.isolate(broker);
    await assert.rejects(volumes.cast.note({ text: 'x' }, { signal: AbortSignal.abort() }), code('CANCELLED'));
    await bus.close({ timeout: 10 });
  });

  it('a cast whose handler fails after the bus has closed stands on its lane', async () => {
    const service = new OldService('volume-1');
    let fail: (() => void) | undefined;
    service.note = (() =>
      new Promise((_, reject) => {
        fail = () => reject(new Error('late'));
      })) as never;
    const { bus } = here.bus('volume-1');
    await bus.serve(VolumeApi, service, { server: 'volume-1' });
    const volumes = await here.bus('api-1').bus.client(VolumeApi);
    await volumes.cast.note({ text: 'x' });
    await until(() => fail !== undefined);
    await bus.close({ timeout: 20 });
    fail?.();
    await turn();
    assert.equal(here.ready(here.names.lane('3.2')), 1);
  });
});
