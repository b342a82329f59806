import { strict as assert } from 'node:assert';
import { randomBytes } from 'node:crypto';
import { createServer, type AddressInfo } from 'node:net';
import { hostname } from 'node:os';
import { connect, LynchpinError, MemoryHub, Rpc, RpcApi, type Bus, type ConnectOptions, type Method } from 'lynchpin';
import { namesOf } from '#lynchpin/broker/index.js';
import { code } from '../rpc/code.js';
import * as newer from '../rpc/fixtures/new.js';
import { VolumeApi } from '../rpc/fixtures/old.js';
import { NewService, OldService } from '../rpc/fixtures/services.js';
import { runNode } from '../style/project.js';
import { sharedNode, sharedRabbit, startRabbit } from '../support/rabbitmq/index.js';

@RpcApi({ topic: 'other', version: '1.0' })
class OtherApi {
  @Rpc() ping!: Method;
}

describe('a bus', () => {
  const buses: Bus[] = [];
  afterEach(() => Promise.all(buses.splice(0).map((bus) => bus.close({ timeout: 500 }))));
  const open = async (address: string | MemoryHub = 'memory:', options: ConnectOptions = {}): Promise<Bus> => {
    const bus = await connect(address, options);
    buses.push(bus);
    return bus;
  };

  it('is named after its host and process, unless it is told a name, and says so to whom it calls', async () => {
    const hub = new MemoryHub();
    const service = new OldService('volume-1');
    service.whoAmI = (context) => context.caller;
    await (await open(hub)).serve(VolumeApi, service, { server: 'volume-1' });
    const unnamed = await open(hub);
    assert.equal(unnamed.name, `${hostname()}:${process.pid}`);
    const named = await open(hub, { name: 'api-7' });
    assert.equal(named.name, 'api-7');
    assert.equal(await (await named.client(VolumeApi)).call.whoAmI(), 'api-7');
    assert.equal(await (await unnamed.client(VolumeApi)).call.whoAmI(), unnamed.name);
  });

  it('keeps namespaces apart that share a broker', async () => {
    const hub = new MemoryHub();
    for (const namespace of ['blue', 'green'])
      await (await open(hub, { namespace })).serve(VolumeApi, new OldService(namespace), { server: 'volume-1' });
    for (const namespace of ['blue', 'green'])
      assert.equal(await (await (await open(hub, { namespace })).client(VolumeApi)).call.whoAmI(), namespace);
    await assert.rejects(open(hub, { namespace: 'a.b' }), code('DECLARATION'));
  });

  it('refuses an address that is none, and does not repeat it: it may hold a password', async () => {
    for (const address of ['http://user:secret@localhost', 'localhost', '', 'amqp', 'amqp://user:secret@:::'])
      await assert.rejects(connect(address), (error) => LynchpinError.is(error, 'DECLARATION') && !error.message.includes('secret'));
  });

  it('refuses a name that cannot stand on messages', async () => {
    for (const name of ['', 'x'.repeat(256)]) await assert.rejects(connect('memory:', { name }), code('DECLARATION'));
  });

  it('that cannot reach its broker fails once, within the time that it was given', async () => {
    const silent = createServer((socket) => socket.on('error', () => undefined).resume());
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as AddressInfo;
    const start = performance.now();
    await assert.rejects(connect(`amqp://user:secret@127.0.0.1:${port}`, { connectTimeout: 300 }), (error) => {
      assert.ok(LynchpinError.is(error, 'CONNECTION'));
      assert.ok(error.message.includes(String(port)) && !error.message.includes('secret'));
      return true;
    });
    assert.ok(performance.now() - start < 2_000);
    await new Promise((resolve) => silent.close(resolve));
    const hub = new MemoryHub();
    hub.stop();
    await assert.rejects(connect(hub, { connectTimeout: 50 }), code('CONNECTION'));
  });

  it('reads no body above the size that it is told', async () => {
    const hub = new MemoryHub();
    const service = new OldService('volume-1');
    await (await open(hub, { maxMessageBytes: 1_000 })).serve(VolumeApi, service, { server: 'volume-1' });
    const volumes = await (await open(hub)).client(VolumeApi);
    await assert.rejects(volumes.call.work({ text: 'x'.repeat(1_000) }), code('INVALID'));
    assert.equal(await volumes.call.work({ text: 'x' }), 'volume-1: x');
    assert.equal(service.ran.length, 1);
  });

  it('shows its build in the roll call, and a server may show another', async () => {
    const hub = new MemoryHub();
    const old = await open(hub, { build: 'abc' });
    await old.serve(VolumeApi, new OldService('old-1'), { server: 'old-1' });
    await old.serve(VolumeApi, new OldService('old-2'), { server: 'old-2', build: 'def' });
    const volumes = await (await open(hub)).client(newer.VolumeApi);
    while (volumes.pin.by.length < 2) await new Promise<void>((resolve) => volumes.watchPin(() => resolve()));
    assert.deepEqual(
      new Map(volumes.pin.by.map(({ server, build }) => [server, build])),
      new Map([
        ['old-1', 'abc'],
        ['old-2', 'def'],
      ]),
    );
  });

  it('sends the trace context that it is told, where the caller says none', async () => {
    const hub = new MemoryHub();
    const service = new OldService('volume-1');
    await (await open(hub)).serve(VolumeApi, service, { server: 'volume-1' });
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const volumes = await (await open(hub, { trace: () => ({ traceparent }) })).client(VolumeApi);
    await volumes.call.work({ text: 'a' });
    await volumes.call.work({ text: 'b' }, { traceparent: traceparent.replace('01', '00') });
    assert.deepEqual(
      service.ran.map((ran) => ran.traceparent),
      [traceparent, traceparent.replace('01', '00')],
    );
  });

  it('serves several contracts, and one of them as several servers, beside several clients', async () => {
    const bus = await open();
    const one = await bus.serve(VolumeApi, new OldService('one'), { server: 'one' });
    const two = await bus.serve(VolumeApi, new OldService('two'), { server: 'two' });
    await bus.serve(OtherApi, { ping: () => undefined }, { server: 'one' });
    assert.deepEqual(
      bus.servers.map(({ name }) => name),
      ['one', 'two', 'one'],
    );
    const [first, second, other] = await Promise.all([
      bus.client(VolumeApi),
      bus.client(VolumeApi, { timeout: 1_000 }),
      bus.client(OtherApi),
    ]);
    assert.notEqual(first, second);
    assert.equal(await first.at('one').call.whoAmI(), 'one');
    assert.equal(await second.at('two').call.whoAmI(), 'two');
    assert.equal(await other.call.ping(), undefined);
    assert.equal(bus.ready, true);
    await two.drain();
    assert.deepEqual([one.state, two.state, bus.ready], ['serving', 'left', false]);
    await second.close();
    assert.equal(await first.call.whoAmI(), 'one');
    await assert.rejects(second.call.whoAmI(), code('CLOSED'));
  });

  it('does not keep what it refused', async () => {
    const bus = await open();
    await bus.serve(VolumeApi, new OldService('one'), { server: 'one' });
    await assert.rejects(bus.serve(VolumeApi, new OldService('one'), { server: 'one' }), code('NAME_IN_USE'));
    for (const options of [{ server: 'a b' }, { concurrency: 0 }, { concurrency: 1.5 }, { concurrency: 70_000 }])
      await assert.rejects(bus.serve(VolumeApi, new OldService('x'), options), code('DECLARATION'));
    class Plain {
      ping!: Method;
    }
    await assert.rejects(bus.client(Plain), code('DECLARATION'));
    assert.equal(bus.servers.length, 1);
    assert.equal(bus.ready, true);
  });

  it('is ready while it is connected and all that it serves is on the roll', async () => {
    const hub = new MemoryHub();
    const broker = hub.connect({ backoff: { first: 1, most: 10 } });
    const { Bus } = await import('lynchpin');
    const bus = new Bus(broker, 'volume-1', {});
    buses.push(bus);
    await broker.ready();
    assert.deepEqual([bus.ready, bus.state], [true, 'up']);
    const serving = bus.serve(VolumeApi, new OldService('volume-1'), { server: 'volume-1' });
    assert.equal(bus.ready, false, 'on its way to the roll');
    const server = await serving;
    assert.equal(bus.ready, true);
    hub.isolate(broker);
    while (bus.state !== 'down') await new Promise(setImmediate);
    assert.equal(bus.ready, false);
    hub.rejoin(broker);
    while (!bus.ready) await new Promise(setImmediate);
    assert.equal(server.state, 'serving');
    const closing = bus.close({ grace: 50 });
    assert.equal(bus.ready, false);
    assert.equal(server.state, 'serving', 'it works on for as long as the grace lasts');
    await closing;
    assert.deepEqual([server.state, bus.state], ['left', 'closed']);
  });

  it('that is closed does nothing more, and is closed once', async () => {
    const bus = await open();
    const server = await bus.serve(VolumeApi, new OldService('volume-1'), { server: 'volume-1' });
    const volumes = await bus.client(VolumeApi);
    const closing = bus.close();
    assert.equal(bus.close(), closing);
    await closing;
    await bus.close();
    assert.equal(bus.state, 'closed');
    for (const refused of [
      () => bus.client(VolumeApi),
      () => bus.serve(VolumeApi, new OldService('x'), { server: 'x' }),
      () => volumes.call.whoAmI(),
      () => volumes.cast.note({ text: 'x' }),
      () => volumes.fanout.note({ text: 'x' }),
      () => volumes.at('volume-1').call.whoAmI(),
    ])
      await assert.rejects(refused, code('CLOSED'));
    await server.drain();
    await volumes.close();
    assert.equal(bus.ready, false);
  });

  it('that has nothing to do closes at once', async function () {
    for (const address of ['memory:', (await sharedRabbit(this)).url]) {
      const bus = await connect(address);
      const start = performance.now();
      await bus.close();
      assert.ok(performance.now() - start < 1_000);
    }
  });

  it('that is closed while it joins leaves nothing on the roll', async () => {
    const hub = new MemoryHub();
    const bus = await open(hub);
    const serving = bus.serve(VolumeApi, new OldService('volume-1'), { server: 'volume-1' }).catch((error: unknown) => error);
    const opening = bus.client(VolumeApi).catch((error: unknown) => error);
    const start = performance.now();
    await bus.close();
    for (const refused of [await serving, await opening]) assert.ok(LynchpinError.is(refused, 'CLOSED'), String(refused));
    assert.ok(performance.now() - start < 1_000);
    const names = namesOf('volume');
    for (const queue of [names.roll, names.rollAt('3.2'), names.lane('3.2'), names.server('volume-1')])
      assert.equal(hub.facts(queue)?.consumers ?? 0, 0, queue);
  });

  for (const kind of ['memory', 'RabbitMQ'])
    it(`lets its process end by itself once it is closed, over ${kind}`, async () => {
      const address = kind === 'memory' ? 'memory:' : (await sharedRabbit()).url;
      const { code, output } = await runNode(['build/test/bus/worker.js', address, `t${randomBytes(6).toString('hex')}`], {
        timeout: 15_000,
      });
      assert.equal(code, 0, output);
      assert.equal(output, 'volume-1, volume-1: a\nvolume-1: late, closed\n');
    }).timeout(60_000);

  it('shows its name, its build and what it is among the connections of its broker', async () => {
    const shared = await sharedNode();
    const node = shared ?? (await startRabbit({ prefix: 'lynchpin-bus' }));
    try {
      const name = `api-${randomBytes(4).toString('hex')}`;
      await open(node.url, { name, build: 'abc' });
      const shown = (await node.ctl('list_connections', 'client_properties')).split('\n').filter((line) => line.includes(name));
      assert.equal(shown.length, 2, 'one connection for publishing, one for consuming');
      for (const line of shown) for (const property of ['"lynchpin"', '"abc"']) assert.ok(line.includes(property), line);
      await buses.pop()?.close();
    } finally {
      if (shared === undefined) await node.stop();
    }
  }).timeout(60_000);
});

describe('a bus while its contracts speak', () => {
  it('carries an old and a new release of one topic side by side', async () => {
    const bus = await connect('memory:');
    try {
      await bus.serve(VolumeApi, new OldService('old-1'), { server: 'old-1' });
      await bus.serve(newer.VolumeApi, new NewService('new-1'), { server: 'new-1' });
      const [older, news] = [await bus.client(VolumeApi), await bus.client(newer.VolumeApi)];
      assert.deepEqual([older.pin.version, news.pin.version], ['3.2', '3.2']);
      assert.equal(await older.at('new-1').call.whoAmI(), 'new-1');
      assert.equal(await news.at('old-1').call.whoAmI(), 'old-1');
    } finally {
      await bus.close();
    }
  });
});
