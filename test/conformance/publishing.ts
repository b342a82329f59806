import assert from 'node:assert/strict';
import type { Broker } from '#lynchpin/broker/index.js';
import { LynchpinError } from '#lynchpin/errors/index.js';
import { Collected, type Ground, intakeOf, message, ready, until } from './ground.js';

/** What `publish` promises while the connection holds. */
export function publishing(ground: () => Ground): void {
  describe('publishing', () => {
    let broker: Broker;
    let queue: string;
    before(async () => {
      broker = await ground().open();
    });
    after(() => broker.close());
    beforeEach(async () => {
      queue = `${ground().prefix()}.work`;
      await broker.ensureQueue(queue);
    });
    afterEach(() => broker.deleteQueue(queue));

    it('confirms what a queue took', async () => {
      assert.equal(await broker.publish(message(queue)), 'confirmed');
      assert.equal(await ready(broker, queue), 1);
    });

    it('confirms what a durable queue without consumers took', async () => {
      assert.deepEqual(await broker.count(queue), { known: true, ready: 0, consumers: 0 });
      assert.equal(await broker.publish(message(queue, 'x', { persistent: true })), 'confirmed');
    });

    it('says what no queue would take', async () => {
      assert.equal(await broker.publish(message(`${queue}.missing`)), 'returned');
    });

    it('says so for an exchange without that key, and for an exchange that is missing', async () => {
      const exchange = `${queue}.exchange`;
      await broker.ensureExchange(exchange, 'direct');
      await broker.bind(queue, exchange, '3.1');
      assert.equal(await broker.publish({ exchange, routingKey: '3.2', body: Buffer.from('x') }), 'returned');
      assert.equal(await broker.publish({ exchange: `${exchange}.missing`, routingKey: '3.1', body: Buffer.from('x') }), 'returned');
      assert.equal(await broker.publish({ exchange, routingKey: '3.1', body: Buffer.from('x') }), 'confirmed');
    });

    it('tells each of many its own outcome', async () => {
      const outcomes = await Promise.all(
        Array.from({ length: 100 }, (_, index) =>
          broker.publish(message(index % 3 === 0 ? `${queue}.missing` : queue, 'x', { messageId: `m${index}` })),
        ),
      );
      outcomes.forEach((outcome, index) => assert.equal(outcome, index % 3 === 0 ? 'returned' : 'confirmed'));
      assert.equal(await ready(broker, queue), 66);
    });

    it('keeps the good ones when one among them goes to a missing exchange', async () => {
      const outcomes = await Promise.all([
        broker.publish(message(queue, 'a', { messageId: 'a' })),
        broker.publish({ exchange: `${queue}.missing`, routingKey: '', body: Buffer.from('b'), messageId: 'b' }),
        broker.publish(message(queue, 'c', { messageId: 'c' })),
      ]);
      assert.deepEqual(outcomes, ['confirmed', 'returned', 'confirmed']);
      assert.ok((await ready(broker, queue)) >= 2);
    });

    it('carries a megabyte', async () => {
      const body = Buffer.alloc(1 << 20, 0);
      for (let index = 0; index < body.length; index += 1) body[index] = (index * 31) & 0xff;
      await broker.publish(message(queue, body));
      const tap = await broker.openTap();
      assert.ok((await tap.get(queue))?.body.equals(body));
      await tap.close();
    });

    it('carries an empty body', async () => {
      await broker.publish(message(queue, ''));
      const tap = await broker.openTap();
      assert.equal((await tap.get(queue))?.body.length, 0);
      await tap.close();
    });

    it('carries every property', async () => {
      const properties = {
        type: 'create@3.2',
        messageId: 'id-1',
        correlationId: 'id-0',
        replyTo: `${queue}.inbox`,
        expiration: 60_000,
        persistent: true,
        contentType: 'application/json',
        appId: 'client-1',
        sent: 1_700_000_000,
        userId: broker.userId,
        headers: { 'lynchpin-from': 'lane' },
      };
      await broker.publish(message(queue, '{}', properties));
      const tap = await broker.openTap();
      const delivery = await tap.get(queue);
      assert.deepEqual(
        Object.fromEntries(Object.keys(properties).map((name) => [name, delivery?.[name as keyof typeof properties]])),
        properties,
      );
      assert.equal(delivery?.queue, queue);
      assert.equal(delivery.exchange, '');
      assert.equal(delivery.routingKey, queue);
      assert.equal(delivery.redelivered, false);
      await tap.close();
    });

    it('leaves unset what was not set', async () => {
      await broker.publish(message(queue));
      const tap = await broker.openTap();
      const delivery = await tap.get(queue);
      for (const name of [
        'type',
        'messageId',
        'correlationId',
        'replyTo',
        'expiration',
        'contentType',
        'appId',
        'sent',
        'userId',
        'headers',
      ] as const)
        assert.equal(delivery?.[name], undefined, name);
      assert.notEqual(delivery?.persistent, true);
      await tap.close();
    });

    it('carries headers of each type', async () => {
      const headers = {
        text: 'ä\u0000b',
        empty: '',
        yes: true,
        no: false,
        small: -7,
        big: 2 ** 40,
        fraction: 0.5,
        nothing: null,
        bytes: Buffer.from([0, 255]),
        list: ['a', 1, [true]],
        table: { inner: { deep: 'x' } },
      };
      await broker.publish(message(queue, 'x', { headers: { ...headers, unset: undefined } }));
      const tap = await broker.openTap();
      assert.deepEqual({ ...(await tap.get(queue))?.headers }, headers);
      await tap.close();
    });

    it('shares nothing with the sender or among receivers', async () => {
      const other = `${queue}.other`;
      const exchange = `${queue}.all`;
      await broker.ensureQueue(other);
      await broker.ensureExchange(exchange, 'fanout');
      await broker.bind(queue, exchange, '');
      await broker.bind(other, exchange, '');
      const body = Buffer.from('original');
      const headers = { table: { inner: 'original' } };
      const sending = broker.publish({ exchange, routingKey: '', body, headers });
      body.write('tampered');
      headers.table.inner = 'tampered';
      await sending;
      const tap = await broker.openTap();
      const first = await tap.get(queue);
      assert.equal(first?.body.toString(), 'original');
      first.body.write('tampered');
      (first.headers as typeof headers).table.inner = 'tampered';
      const second = await tap.get(other);
      assert.equal(second?.body.toString(), 'original');
      assert.deepEqual(second.headers?.['table'], { inner: 'original' });
      await tap.close();
      await broker.deleteQueue(other);
    });

    it('keeps the order of what one publisher sends to one queue', async () => {
      const { intake, deliveries } = await intakeOf(broker);
      await intake.consume(queue, { prefetch: 0, noAck: true }, deliveries.add);
      await Promise.all(Array.from({ length: 200 }, (_, index) => broker.publish(message(queue, String(index)))));
      assert.deepEqual(
        (await deliveries.first(200)).map((delivery) => Number(delivery.body.toString())),
        Array.from({ length: 200 }, (_, index) => index),
      );
      await intake.close();
    });

    it('refuses what AMQP cannot carry, before it is sent', async () => {
      const refused = [
        { expiration: 0 },
        { expiration: 1.5 },
        { type: 'x'.repeat(256) },
        { messageId: 'ä'.repeat(128) },
        { userId: 'somebody else' },
        { replyTo: 'amq.rabbitmq.reply-to' },
      ];
      for (const properties of refused)
        await assert.rejects(broker.publish(message(queue, 'x', properties)), (error) => LynchpinError.is(error, 'PROTOCOL'));
      assert.equal(await broker.publish(message(queue)), 'confirmed');
    });

    it('stops for a signal, with its reason', async () => {
      const reason = new Error('enough');
      await assert.rejects(broker.publish(message(queue), AbortSignal.abort(reason)), reason);
    });
  });

  describe('expiry', () => {
    let broker: Broker;
    let queue: string;
    before(async () => {
      broker = await ground().open();
    });
    after(() => broker.close());
    beforeEach(async () => {
      queue = `${ground().prefix()}.expiry`;
      await broker.ensureQueue(queue);
    });
    afterEach(() => broker.deleteQueue(queue));

    it('drops a message whose time has passed', async () => {
      await broker.publish(message(queue, 'x', { expiration: 20 }));
      assert.equal(
        await until(
          () => ready(broker, queue),
          (count) => count === 0,
        ),
        0,
      );
    });

    it('does not hand out an expired message', async () => {
      await broker.publish(message(queue, 'short', { expiration: 1 }));
      await broker.publish(message(queue, 'long', { expiration: 60_000 }));
      await until(
        () => ready(broker, queue),
        (count) => count === 1,
      );
      const tap = await broker.openTap();
      assert.equal((await tap.get(queue))?.body.toString(), 'long');
      await tap.close();
    });

    it('does not count down in the property', async () => {
      await broker.publish(message(queue, 'first', { expiration: 20 }));
      await broker.publish(message(queue, 'second', { expiration: 60_000 }));
      await until(
        () => ready(broker, queue),
        (count) => count === 1,
      );
      const tap = await broker.openTap();
      assert.equal((await tap.get(queue))?.expiration, 60_000);
      await tap.close();
    });
  });

  describe('a closing broker', () => {
    it('waits for what is being published', async () => {
      const broker = await ground().open();
      const other = await ground().open();
      const queue = `${ground().prefix()}.close`;
      await broker.ensureQueue(queue);
      const sent = Promise.all(Array.from({ length: 50 }, () => broker.publish(message(queue))));
      await broker.close();
      assert.deepEqual(new Set(await sent), new Set(['confirmed']));
      assert.equal(await ready(other, queue), 50);
      await other.deleteQueue(queue);
      await other.close();
    });

    it('refuses work afterwards, and says so to whoever waits', async () => {
      const broker = await ground().open();
      const states = new Collected<string>();
      broker.watch(states.add);
      const { intake, lost } = await intakeOf(broker);
      await broker.close();
      await broker.close();
      const closed = (error: unknown): boolean => LynchpinError.is(error, 'CLOSED');
      await assert.rejects(broker.publish(message('x')), closed);
      await assert.rejects(broker.ready(), closed);
      await assert.rejects(
        broker.openIntake(() => {}),
        closed,
      );
      await assert.rejects(broker.ensureQueue('x'), closed);
      assert.deepEqual(await broker.count('x'), { known: false, reason: 'disconnected' });
      assert.deepEqual(states.items, ['closed']);
      assert.ok(closed((await lost.first(1))[0]));
      assert.equal(intake.open, false);
    });
  });
}
