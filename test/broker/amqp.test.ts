import assert from 'node:assert/strict';
import { type Broker, openBroker } from '#lynchpin/broker/index.js';
import { LynchpinError } from '#lynchpin/errors/index.js';
import { Collected, intakeOf, message, ready, until } from '../conformance/ground.js';
import { Proxy } from '../support/proxy.js';
import { sharedRabbit, type SharedRabbit } from '../support/rabbitmq/index.js';
import { Raw } from './raw.js';

/** What is particular to AMQP: it cannot happen in memory. */
describe('the AMQP broker', () => {
  let rabbit: SharedRabbit;
  let broker: Broker;
  let raw: Raw;
  let queue: string;
  before(async function () {
    rabbit = await sharedRabbit(this);
    raw = await Raw.connect(rabbit.url);
    broker = await openBroker(rabbit.url, {
      backoff: { first: 5, most: 50 },
      clientProperties: { connection_name: 'test', server: 'volume-1' },
    });
  });
  after(async () => {
    await broker?.close();
    await raw?.close();
  });
  beforeEach(() => {
    queue = `${rabbit.namespace()}.work`;
  });

  it('publishes again, on a new channel, what the queue refuses, until there is room', async () => {
    const channel = await raw.channel();
    await channel.assertQueue(queue, { arguments: { 'x-max-length': 1, 'x-overflow': 'reject-publish' } });
    assert.equal(await broker.publish(message(queue, 'first')), 'confirmed');
    let settled = 0;
    const more = ['second', 'third'].map((body) =>
      broker.publish(message(queue, body)).then((outcome) => {
        settled += 1;
        return outcome;
      }),
    );
    // Others are not kept waiting by them.
    for (let index = 0; index < 20; index += 1) assert.equal(await broker.publish(message(`${queue}.missing`)), 'returned');
    const bodies: string[] = [];
    while (bodies.length < 3) {
      const taken = await channel.get(queue, { noAck: true });
      if (taken !== false) bodies.push(taken.content.toString());
      else await new Promise((resolve) => setTimeout(resolve, 5));
      if (bodies.length === 1) assert.ok(settled < 2);
    }
    assert.deepEqual(await Promise.all(more), ['confirmed', 'confirmed']);
    assert.deepEqual(bodies.toSorted(), ['first', 'second', 'third']);
    await channel.deleteQueue(queue);
  });

  it('gives up such a message when its signal says so', async () => {
    const channel = await raw.channel();
    await channel.assertQueue(queue, { arguments: { 'x-max-length': 1, 'x-overflow': 'reject-publish' } });
    await broker.publish(message(queue));
    const controller = new AbortController();
    const refused = broker.publish(message(queue), controller.signal).catch((error: unknown) => error);
    controller.abort(new Error('enough'));
    assert.equal(((await refused) as Error).message, 'enough');
    await channel.deleteQueue(queue);
  });

  it('refuses headers that do not fit into a frame, and goes on', async () => {
    await broker.ensureQueue(queue);
    const headers = { long: 'x'.repeat(70_000) };
    await assert.rejects(broker.publish(message(queue, 'x', { headers })), (error) => LynchpinError.is(error, 'PROTOCOL'));
    const port = await broker.openPort({ onReply: () => {}, onReturned: () => {}, onLost: () => {} });
    assert.throws(
      () => port.send(message(queue, 'x', { headers })),
      (error) => LynchpinError.is(error, 'PROTOCOL'),
    );
    assert.equal(port.open, true);
    assert.equal(await broker.publish(message(queue)), 'confirmed');
    await port.close();
    await broker.deleteQueue(queue);
  });

  it('loses a port that sends to a missing exchange, and says why', async () => {
    const lost = new Collected<Error>();
    const port = await broker.openPort({ onReply: () => {}, onReturned: () => {}, onLost: lost.add });
    port.send({ exchange: queue, routingKey: '', body: Buffer.from('x') });
    const [cause] = await lost.first(1);
    assert.ok(LynchpinError.is(cause, 'CONNECTION'));
    assert.match(String((cause.cause as Error).message), /no exchange/);
    assert.equal(port.open, false);
  });

  it('loses an intake whose owner throws, and gives the message back', async () => {
    await broker.ensureQueue(queue);
    const { intake, lost } = await intakeOf(broker);
    await intake.consume(queue, { prefetch: 1 }, () => {
      throw new RangeError('a defect');
    });
    await broker.publish(message(queue));
    assert.ok((await lost.first(1))[0] instanceof RangeError);
    assert.equal(
      await until(
        () => ready(broker, queue),
        (count) => count === 1,
      ),
      1,
    );
    await broker.deleteQueue(queue);
  });

  it('does not delete a quorum queue on a condition, and survives the attempt', async () => {
    assert.deepEqual(await broker.ensureQueue(queue, { type: 'quorum' }), { known: true, ready: 0, consumers: 0 });
    const { intake, lost } = await intakeOf(broker);
    await intake.consume(queue, { prefetch: 1 }, () => {});
    assert.equal(await broker.deleteQueue(queue, { unused: true, empty: true }), false);
    assert.equal(broker.state, 'up');
    assert.equal(lost.items.length, 0);
    await intake.close();
    assert.equal(await broker.deleteQueue(queue), true);
  });

  it("does not call another connection's queue missing", async () => {
    const channel = await raw.channel();
    await channel.assertQueue(queue, { exclusive: true });
    assert.deepEqual(await broker.count(queue), { known: false, reason: 'taken' });
    await channel.deleteQueue(queue);
  });

  it('sorts messages by what they say even if their properties are not as ours are', async () => {
    await broker.ensureQueue(queue);
    const channel = await raw.channel();
    channel.sendToQueue(queue, Buffer.from('x'), {
      headers: JSON.parse('{"__proto__": {"polluted": true}, "a": 1}') as object,
      priority: 3,
      timestamp: 5,
      contentEncoding: 'gzip',
    });
    const tap = await broker.openTap();
    const delivery = await until(
      () => tap.get(queue),
      (answer) => answer !== undefined,
    );
    const headers: { polluted?: unknown } = delivery?.headers ?? {};
    assert.deepEqual(Object.entries(headers), [['a', 1]]);
    assert.equal(headers.polluted, undefined);
    await tap.close();
    await broker.deleteQueue(queue);
  });

  it('says that a count is late, does not wait for it, and leaves a connection that stays silent', async function () {
    this.timeout(30_000);
    const target = new URL(rabbit.url);
    const relay = await Proxy.start({ host: target.hostname, port: Number(target.port || 5672) });
    const through = new URL(target);
    through.host = `127.0.0.1:${relay.port}`;
    const silent = await openBroker(through.href, {
      heartbeat: 1,
      countTimeout: 60,
      backoff: { first: 10, most: 50 },
      connectTimeout: 2_000,
    });
    await silent.ensureQueue(queue);
    const states = new Collected<string>();
    silent.watch(states.add);
    relay.stall();
    assert.deepEqual(await silent.count(queue), { known: false, reason: 'timeout' });
    assert.deepEqual(await silent.count(queue), { known: false, reason: 'timeout' });
    // Connections that stand still are found by heartbeats; new ones pass.
    await states.first(1);
    await silent.ready();
    assert.deepEqual(await silent.count(queue), { known: true, ready: 0, consumers: 0 });
    await silent.close();
    await relay.stop();
    await broker.deleteQueue(queue);
  });

  it('comes back for ever, however long nobody answers', async () => {
    const target = new URL(rabbit.url);
    const relay = await Proxy.start({ host: target.hostname, port: Number(target.port || 5672) });
    const through = new URL(target);
    through.host = `127.0.0.1:${relay.port}`;
    const patient = await openBroker(through.href, { backoff: { first: 1, most: 4 } });
    relay.refuse();
    await until(
      () => patient.state,
      (state) => state === 'down',
    );
    assert.deepEqual(await patient.count(queue), { known: false, reason: 'disconnected' });
    await assert.rejects(
      patient.openIntake(() => {}),
      (error) => LynchpinError.is(error, 'CONNECTION'),
    );
    const controller = new AbortController();
    const waiting = patient.ready(controller.signal).catch((error: unknown) => error);
    controller.abort(new Error('enough'));
    assert.equal(((await waiting) as Error).message, 'enough');
    relay.admit();
    await patient.ready();
    assert.equal(patient.state, 'up');
    await patient.close();
    await relay.stop();
  });
});
