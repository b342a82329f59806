import { strict as assert } from 'node:assert';
import { code } from './code.js';
import * as newer from './fixtures/new.js';
import { VolumeApi } from './fixtures/old.js';
import { NewService, OldService } from './fixtures/services.js';
import { HubWorld, turn, until } from './hub.js';

describe('what an older server finds on its own queue', () => {
  let here: HubWorld;
  beforeEach(() => {
    here = new HubWorld();
  });
  afterEach(() => here.close());

  const own = (): string => here.names.server('volume-1');
  const parked = (): number => here.ready(here.names.parked('volume-1'));
  const unread = (): number => here.ready(own()) + (here.hub.facts(own())?.unacknowledged ?? 0);
  const serveOld = async (options = {}) => {
    const service = new OldService('volume-1');
    const server = await here.bus('volume-1').bus.serve(VolumeApi, service, { server: 'volume-1', ...options });
    return { service, server };
  };
  /** A client that sends at 3.4, and a server `volume-1` that read that and is gone. */
  const afterRollBack = async () => {
    const { bus } = here.bus('newer');
    await bus.serve(newer.VolumeApi, new NewService('volume-1'), { server: 'volume-1' });
    const { bus: sender, broker } = here.bus('api-1');
    const volumes = await sender.client(newer.VolumeApi, { settle: 60_000 });
    assert.equal(volumes.pin.version, '3.4');
    await bus.close();
    return { volumes, broker, sender };
  };
  /** Hands every message of the own queue to a consumer that dies with them. */
  const touchAll = async (): Promise<void> => {
    const intake = await here.broker.openIntake(() => undefined);
    const expected = here.ready(own());
    let seen = 0;
    await intake.consume(own(), { prefetch: 0 }, () => void seen++);
    await until(() => seen === expected);
    await intake.close();
  };

  it('comes again readable even where only one may be in hand', async () => {
    const { volumes } = await afterRollBack();
    for (const text of ['a', 'b', 'c', 'd', 'e']) await volumes.at('volume-1').cast.note({ text });
    const { service } = await serveOld({ concurrency: 1 });
    await service.until((ran) => ran.length === 5);
    await until(() => unread() === 0);
    assert.equal(parked(), 0);
  });

  it('is settled once when it was published twice', async () => {
    const { volumes } = await afterRollBack();
    await volumes.at('volume-1').cast.note({ text: 'twice' });
    const message = await here.take(own());
    assert.ok(message);
    const { queue: _queue, tag: _tag, redelivered: _redelivered, userId: _userId, ...rest } = message;
    for (let copies = 0; copies < 2; copies++) await here.broker.publish({ ...rest, exchange: '', routingKey: own() });
    const { service } = await serveOld();
    await service.until((ran) => ran.length === 1);
    await until(() => unread() === 0);
    await turn();
    assert.equal(service.ran.length, 1);
    assert.equal(parked(), 0);
  });

  it('goes back to that queue when the server leaves before its sender has answered', async () => {
    const { server } = await serveOld();
    const sender = await here.broker.openIntake(() => undefined);
    const replyTo = await sender.inbox([]);
    let handed = 0;
    await sender.consume(replyTo, { prefetch: 0, noAck: true }, () => void handed++);
    await here.broker.publish({
      exchange: '',
      routingKey: own(),
      type: 'note@3.4',
      messageId: 'm-1',
      replyTo,
      persistent: true,
      contentType: 'application/json',
      body: Buffer.from('{"text":"x"}'),
    });
    await until(() => handed === 1);
    await server.drain();
    assert.equal(parked(), 0);
    const back = await here.take(own());
    assert.equal(back?.messageId, 'm-1');
    assert.equal(back?.redelivered, false);
  });

  it('is not run if a newer server had it in hand before: a cast stands with the dead letters, a call is told', async () => {
    const { volumes } = await afterRollBack();
    await volumes.at('volume-1').cast.note({ text: 'once' });
    const call = volumes.at('volume-1').call.work({ text: 'once' });
    const again = volumes.at('volume-1').call.workAgain({ text: 'again' });
    call.catch(() => undefined);
    await until(() => here.ready(own()) === 3);
    await touchAll();
    const { service } = await serveOld();
    await assert.rejects(call, code('MAYBE_EXECUTED'));
    assert.equal(await again, 'volume-1: again');
    await until(() => here.ready(here.names.dead) === 1);
    assert.equal((await here.take(here.names.dead))?.headers?.['lynchpin-reason'], 'MAYBE_EXECUTED');
    await until(() => unread() === 0);
    assert.deepEqual(
      service.ran.map(({ method }) => method),
      ['workAgain'],
    );
    assert.equal(parked(), 0);
  });

  it('is not run once it is parked, though it come again after all', async () => {
    const { volumes, sender } = await afterRollBack();
    await volumes.at('volume-1').cast.note({ text: 'late' });
    await sender.close();
    const { service } = await serveOld();
    await until(() => parked() === 1);
    const message = await here.take(here.names.parked('volume-1'));
    await here.broker.publish({
      exchange: '',
      routingKey: own(),
      type: 'note@3.2',
      messageId: message?.messageId,
      persistent: true,
      contentType: 'application/json',
      body: Buffer.from('{"text":"late"}'),
    });
    await until(() => unread() === 0);
    assert.equal(service.ran.length, 0);
  });
});

describe('a server', () => {
  let here: HubWorld;
  beforeEach(() => {
    here = new HubWorld();
  });
  afterEach(() => here.close());

  it('answers an idempotent call to it by name that comes again after its work is done', async () => {
    const service = new OldService('volume-1');
    const server = await here.bus('volume-1').bus.serve(VolumeApi, service, { server: 'volume-1' });
    const { bus, broker } = here.bus('api-1');
    const volumes = await bus.client(VolumeApi);
    const call = volumes.at('volume-1').call.workAgain({ text: 'again', ms: 20 }, { timeout: 3_000 });
    await service.until((ran) => ran.length === 1);
    here.hub.isolate(broker);
    await until(() => server.load.running === 0);
    here.hub.rejoin(broker);
    assert.equal(await call, 'volume-1: again');
    assert.equal(service.ran.length, 2);
  });

  it('does a cast although somebody says that nobody waits for it', async () => {
    const service = new OldService('volume-1');
    const server = await here.bus('volume-1').bus.serve(VolumeApi, service, { server: 'volume-1', concurrency: 1 });
    const volumes = await here.bus('api-1').bus.client(VolumeApi);
    const busy = volumes.call.work({ text: 'busy', ms: 60 });
    await service.until((ran) => ran.length === 1);
    const body = Buffer.from('{"text":"kept"}');
    const cast = { type: 'note@3.2', messageId: 'm-1', persistent: true, contentType: 'application/json', body };
    await here.broker.publish({ ...cast, exchange: here.names.exchange, routingKey: '3.2' });
    await until(() => server.load.waiting === 1);
    await here.broker.publish({ exchange: here.names.control, routingKey: '', type: 'cancel', body: Buffer.from('{"ids":["m-1"]}') });
    await busy;
    await service.until((ran) => ran.length === 2);
    assert.equal(service.ran[1]?.method, 'note');
  });

  it('gives back what may have run before with a mark that says so', async () => {
    const service = new OldService('volume-1');
    const { bus } = here.bus('volume-1');
    const server = await bus.serve(VolumeApi, service, { server: 'volume-1', concurrency: 1 });
    const volumes = await here.bus('api-1').bus.client(VolumeApi);
    const busy = volumes.call.work({ text: 'busy', ms: 60 });
    await service.until((ran) => ran.length === 1);
    const body = Buffer.from('{"text":"again"}');
    const cast = { type: 'touch@3.1', persistent: true, contentType: 'application/json', body };
    const other = await here.broker.openIntake(() => undefined);
    let seen = false;
    await other.consume(here.names.lane('3.1'), { prefetch: 0 }, () => {
      seen = true;
    });
    // One for each of the two consumers; the one that dies leaves its own to the other.
    for (const messageId of ['m-1', 'm-2'])
      await here.broker.publish({ ...cast, messageId, exchange: here.names.exchange, routingKey: '3.1' });
    await until(() => seen && server.load.waiting === 1);
    await other.close();
    await until(() => server.load.waiting === 2);
    await Promise.all([server.drain(), busy]);
    const back = [await here.take(here.names.lane('3.1')), await here.take(here.names.lane('3.1'))];
    assert.equal(back.filter((message) => message?.headers?.['lynchpin-redelivered'] === true).length, 1);
    assert.ok(back.every((message) => message?.redelivered === false));
  });
});
