import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { Bus, connect, LynchpinError, type RpcClient } from 'lynchpin';
import { Proxy } from '../support/proxy.js';
import { freePorts, sharedRabbit } from '../support/rabbitmq/index.js';
import { HostileApi } from './support/contract.js';

const service = {
  ask: ({ text }: { text: string }) => text,
  tell: () => undefined,
  grow: ({ text }: { text: string }) => ({ name: text }),
  refuse: () => undefined,
};

/** The error with which the work ends within a bound, in ms; fails when it goes on for longer. */
async function endsWithin(bound: number, work: Promise<unknown>): Promise<unknown> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new assert.AssertionError({ message: `still under way after ${bound} ms` })), bound);
  });
  try {
    return await Promise.race([
      work.then(
        () => undefined,
        (error: unknown) => error,
      ),
      late,
    ]);
  } finally {
    clearTimeout(timer);
  }
}

describe('a broker that cannot be reached at start', () => {
  const bounded = { connectTimeout: 500 };

  async function refusal(url: string): Promise<LynchpinError> {
    const error = await endsWithin(2_500, connect(url, bounded));
    assert.ok(LynchpinError.is(error), String(error));
    const shown = `${error.message} ${JSON.stringify(error.details)}`;
    assert.doesNotMatch(shown, /s3cret/);
    return error;
  }

  it('is one clear error where nobody listens', async () => {
    const [port] = await freePorts(1);
    assert.equal((await refusal(`amqp://me:s3cret@127.0.0.1:${port}`)).code, 'CONNECTION');
  });

  it('is one clear error where somebody listens and says nothing', async () => {
    const silent = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    silent.on('connection', (socket) => socket.on('error', () => undefined).resume());
    const error = await refusal(`amqp://me:s3cret@127.0.0.1:${(silent.address() as AddressInfo).port}`);
    assert.equal(error.code, 'CONNECTION');
    silent.close();
    await once(silent, 'close');
  });

  it('is one clear error where the password or the virtual host is wrong', async function () {
    const { url } = await sharedRabbit(this);
    const account = new URL(url);
    account.password = 's3cret';
    assert.equal((await refusal(account.href)).code, 'FORBIDDEN');
    const place = new URL(url);
    place.pathname = '/nowhere';
    assert.equal((await refusal(place.href)).code, 'FORBIDDEN');
  });
});

describe('nothing hangs without a deadline on a broker that falls silent:', function () {
  this.timeout(40_000);
  let proxy: Proxy;
  let bus: Bus;
  let client: RpcClient<HostileApi>;

  beforeEach(async function () {
    const { url, namespace } = await sharedRabbit(this);
    const target = new URL(url);
    proxy = await Proxy.start({ host: target.hostname, port: Number(target.port) });
    target.hostname = '127.0.0.1';
    target.port = String(proxy.port);
    bus = await connect(target.href, { namespace: namespace(), heartbeat: 2 });
    await bus.serve(HostileApi, service, { server: 'victim' });
    client = await bus.client(HostileApi, { timeout: 1_000 });
    await client.call.ask({ text: 'good' });
    proxy.stall();
  });

  afterEach(async () => {
    proxy.resume();
    proxy.cut();
    await bus.close({ timeout: 500 });
    await proxy.stop();
  });

  it('a call, a cast, a fanout, and either to one server', async () => {
    const options = { timeout: 1_000 };
    const errors = await Promise.all([
      endsWithin(3_000, client.call.ask({ text: 'x' })),
      endsWithin(3_000, client.at('victim').call.ask({ text: 'x' })),
      endsWithin(3_000, client.cast.tell({ text: 'x' }, options)),
      endsWithin(3_000, client.fanout.tell({ text: 'x' }, options)),
      endsWithin(3_000, client.at('victim').cast.tell({ text: 'x' }, options)),
    ]);
    for (const error of errors) assert.ok(LynchpinError.is(error, 'TIMEOUT', 'CONNECTION', 'NO_SERVER'), String(error));
  });

  it('serve and client', async () => {
    const [serving, opening] = await Promise.all([
      endsWithin(6_000, bus.serve(HostileApi, service, { server: 'another', joinTimeout: 1_000 })),
      endsWithin(8_000, bus.client(HostileApi)),
    ]);
    assert.ok(LynchpinError.is(serving, 'CONNECTION'), String(serving));
    assert.equal(opening, undefined, 'a client opens at its floor');
  });

  it('drain and close', async () => {
    assert.equal(await endsWithin(25_000, bus.drain({ timeout: 500 })), undefined);
    assert.equal(await endsWithin(15_000, bus.close({ timeout: 500 })), undefined);
  });
});
