import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createServer, type Server, type Socket } from 'node:net';
import { inspect } from 'node:util';
import { MemoryHub, openBroker } from '#lynchpin/broker/index.js';
import { type ErrorCode, LynchpinError } from '#lynchpin/errors/index.js';
import { freePorts, sharedRabbit } from '../support/rabbitmq/index.js';

const SECRET = 'open-sesame';

describe('a broker that cannot be reached', () => {
  const sockets = new Set<Socket>();
  const servers: Server[] = [];
  let url: URL;
  before(async function () {
    url = new URL((await sharedRabbit(this)).url);
  });
  afterEach(async () => {
    for (const socket of sockets) socket.destroy();
    for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
  });

  async function listen(onConnection: (socket: Socket) => void): Promise<number> {
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => sockets.delete(socket));
      onConnection(socket);
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen({ port: 0, host: '127.0.0.1' }, resolve));
    const address = server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  /** Opens what cannot be opened; answers how long that took, once code and silence about the password are right. */
  async function refusal(where: string, code: ErrorCode, connectTimeout = 300): Promise<number> {
    const begun = performance.now();
    const error = await openBroker(where, { connectTimeout, backoff: { first: 10, most: 50 } }).then(
      () => assert.fail('it was opened'),
      (failure: unknown) => failure,
    );
    assert.ok(LynchpinError.is(error, code), inspect(error));
    assert.ok(!inspect(error, { depth: 9 }).includes(SECRET), 'the password is shown');
    return performance.now() - begun;
  }

  it('is one clear error after a bounded time when nobody listens', async () => {
    const [port] = await freePorts(1);
    assert.ok((await refusal(`amqp://me:${SECRET}@127.0.0.1:${port}`, 'CONNECTION')) < 2_000);
  });

  it('is tried again until then, for it may just be starting', async () => {
    let connections = 0;
    const port = await listen((socket) => {
      connections += 1;
      socket.destroy();
    });
    await refusal(`amqp://me:${SECRET}@127.0.0.1:${port}`, 'CONNECTION');
    // Two connections, each more than once.
    assert.ok(connections > 2, `${connections} attempts`);
  });

  it('is one clear error after a bounded time when it takes the connection and says nothing', async () => {
    const port = await listen(() => {});
    assert.ok((await refusal(`amqp://me:${SECRET}@127.0.0.1:${port}`, 'CONNECTION')) < 2_000);
  });

  it('is one clear error after a bounded time when it never comes to the end of a frame', async () => {
    const port = await listen((socket) => {
      socket.write(Buffer.from([1, 0, 0, 0, 0, 1, 0]));
      const timer = setInterval(() => socket.write(Buffer.from([0])), 20);
      socket.on('close', () => clearInterval(timer));
    });
    assert.ok((await refusal(`amqp://me:${SECRET}@127.0.0.1:${port}`, 'CONNECTION')) < 2_000);
    // And nothing is left behind.
    await Promise.all([...sockets].map((socket) => new Promise((resolve) => socket.once('close', resolve))));
  });

  it('is refused at once when it speaks something else', async () => {
    const port = await listen((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    await refusal(`amqp://me:${SECRET}@127.0.0.1:${port}`, 'CONNECTION');
  });

  it('says so when it does not know the account', async () => {
    const wrong = new URL(url);
    wrong.password = SECRET;
    assert.ok((await refusal(wrong.href, 'FORBIDDEN', 10_000)) < 5_000);
  });

  it('says so when it has no such virtual host', async () => {
    const wrong = new URL(url);
    wrong.pathname = '/no-such-host';
    await refusal(wrong.href, 'FORBIDDEN', 10_000);
  });

  it('is a mistake in the address when that is what it is', async () => {
    for (const where of [
      `http://me:${SECRET}@localhost`,
      `me:${SECRET}@localhost`,
      '',
      'localhost',
      `amqp://me:${SECRET}@local host`,
      `amqp://me:${SECRET}@localhost:port`,
    ])
      await refusal(where, 'DECLARATION');
  });

  it('is bounded in memory too', async () => {
    const hub = new MemoryHub();
    hub.stop();
    await assert.rejects(openBroker(hub, { connectTimeout: 50 }), (error) => LynchpinError.is(error, 'CONNECTION'));
  });
});

describe('opening a broker', () => {
  it('chooses by the scheme, and shows the address without its password', async function () {
    const { url } = await sharedRabbit(this);
    const broker = await openBroker(url);
    assert.equal(broker.state, 'up');
    assert.equal(broker.address, `amqp://${new URL(url).host}`);
    assert.equal(broker.userId, decodeURIComponent(new URL(url).username || 'guest'));
    await broker.close();
    const alone = await openBroker('memory:');
    assert.equal(alone.address, 'memory:');
    assert.equal(alone.state, 'up');
    await alone.close();
  });

  it('gives those who share a hub one broker, and others another', async () => {
    const hub = new MemoryHub('shared');
    const [a, b, other] = [await openBroker(hub), await openBroker(hub), await openBroker('memory:')];
    await a.ensureQueue('queue');
    assert.deepEqual(await b.count('queue'), { known: true, ready: 0, consumers: 0 });
    assert.deepEqual(await other.count('queue'), { known: false, reason: 'missing' });
    await Promise.all([a, b, other].map((broker) => broker.close()));
  });

  it('loads the AMQP client only for a broker that speaks AMQP', () => {
    const script = `
      const { createRequire } = await import('node:module');
      const { openBroker } = await import(${JSON.stringify(import.meta.resolve('#lynchpin/broker/index.js'))});
      const loaded = () => Object.keys(createRequire(process.cwd() + '/x.js').cache).some((path) => path.includes('amqplib'));
      await (await openBroker('memory:')).close();
      const before = loaded();
      await openBroker('amqp://127.0.0.1:1', { connectTimeout: 50 }).catch(() => {});
      console.log(JSON.stringify([before, loaded()]));`;
    assert.deepEqual(JSON.parse(execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })), [
      false,
      true,
    ]);
  });
});
