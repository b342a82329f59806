import assert from 'node:assert/strict';
import type { Broker } from '#lynchpin/broker/index.js';
import { LynchpinError } from '#lynchpin/errors/index.js';
import { type Ground, intakeOf, message, ready, until } from './ground.js';

/** What is promised of exchanges, queues and counts. */
export function topology(ground: () => Ground): void {
  describe('topology', () => {
    let broker: Broker;
    let queue: string;
    before(async () => {
      broker = await ground().open();
    });
    after(() => broker.close());
    beforeEach(() => {
      queue = `${ground().prefix()}.queue`;
    });

    it('tells what it is and what was agreed on the connection', () => {
      const { product, version, heartbeat, frameMax, channelMax } = broker.server;
      assert.notEqual(product, '');
      assert.match(version, product === 'memory' ? /^$/ : /^\d+\.\d+/);
      assert.equal(heartbeat, 10);
      assert.ok(frameMax >= 4096 && channelMax >= 16, `${frameMax} ${channelMax}`);
    });

    it('does not know a queue that is missing, and never calls it empty', async () => {
      assert.deepEqual(await broker.count(queue), { known: false, reason: 'missing' });
      assert.deepEqual(await broker.count(queue), { known: false, reason: 'missing' });
    });

    it('counts what is ready and who consumes', async () => {
      assert.deepEqual(await broker.ensureQueue(queue), { known: true, ready: 0, consumers: 0 });
      await broker.publish(message(queue));
      await broker.publish(message(queue));
      const { intake, deliveries } = await intakeOf(broker);
      await intake.consume(queue, { prefetch: 1 }, deliveries.add);
      await deliveries.first(1);
      assert.deepEqual(await broker.count(queue), { known: true, ready: 1, consumers: 1 });
      await intake.close();
      assert.deepEqual(
        await until(
          () => broker.count(queue),
          (count) => count.known && count.ready === 2,
        ),
        { known: true, ready: 2, consumers: 0 },
      );
      await broker.deleteQueue(queue);
    });

    it('answers many counts at once, missing queues among them', async () => {
      await broker.ensureQueue(queue);
      const counts = await Promise.all(
        Array.from({ length: 30 }, (_, index) => broker.count(index % 5 === 4 ? `${queue}.missing` : queue)),
      );
      counts.forEach((count, index) => assert.equal(count.known, index % 5 !== 4));
      await broker.deleteQueue(queue);
    });

    it('uses a queue and an exchange that exist as they are', async () => {
      await broker.ensureQueue(queue, { type: 'classic' });
      await broker.publish(message(queue));
      assert.deepEqual(await broker.ensureQueue(queue, { type: 'quorum', deadLetterQueue: `${queue}.dead` }), {
        known: true,
        ready: 1,
        consumers: 0,
      });
      await broker.ensureExchange(`${queue}.exchange`, 'fanout');
      await broker.ensureExchange(`${queue}.exchange`, 'direct');
      await broker.bind(queue, `${queue}.exchange`, '3.1');
      assert.equal(await broker.publish({ exchange: `${queue}.exchange`, routingKey: 'anything', body: Buffer.from('x') }), 'confirmed');
      await broker.deleteQueue(queue);
    });

    it('lets several declare the same at once', async () => {
      const other = await ground().open();
      await Promise.all([broker, other, broker, other].map((each) => each.ensureQueue(queue)));
      await Promise.all([broker, other].map((each) => each.ensureExchange(`${queue}.exchange`, 'direct')));
      assert.equal((await broker.count(queue)).known, true);
      await broker.deleteQueue(queue);
      await other.close();
    });

    it('routes by key on a direct exchange, to all on a fanout exchange', async () => {
      const queues = [`${queue}.a`, `${queue}.b`];
      for (const name of queues) await broker.ensureQueue(name);
      await broker.ensureExchange(`${queue}.direct`, 'direct');
      await broker.ensureExchange(`${queue}.fanout`, 'fanout');
      await broker.bind(`${queue}.a`, `${queue}.direct`, '3.1');
      await broker.bind(`${queue}.b`, `${queue}.direct`, '3.2');
      for (const name of queues) await broker.bind(name, `${queue}.fanout`, '');
      await broker.publish({ exchange: `${queue}.direct`, routingKey: '3.2', body: Buffer.from('x') });
      assert.deepEqual(await Promise.all(queues.map((name) => ready(broker, name))), [0, 1]);
      await broker.publish({ exchange: `${queue}.fanout`, routingKey: '', body: Buffer.from('x') });
      assert.deepEqual(await Promise.all(queues.map((name) => ready(broker, name))), [1, 2]);
      await broker.unbind(`${queue}.b`, `${queue}.direct`, '3.2');
      await broker.unbind(`${queue}.b`, `${queue}.direct`, '3.2');
      assert.equal(await broker.publish({ exchange: `${queue}.direct`, routingKey: '3.2', body: Buffer.from('x') }), 'returned');
      for (const name of queues) await broker.deleteQueue(name);
    });

    it('deletes an exchange with its bindings, and does not mind one that is missing', async () => {
      await broker.ensureQueue(queue);
      await broker.ensureExchange(`${queue}.direct`, 'direct');
      await broker.bind(queue, `${queue}.direct`, '3.1');
      for (const name of [`${queue}.direct`, `${queue}.direct`, `${queue}.missing`]) await broker.deleteExchange(name);
      await broker.ensureExchange(`${queue}.direct`, 'direct');
      assert.equal(await broker.publish({ exchange: `${queue}.direct`, routingKey: '3.1', body: Buffer.from('x') }), 'returned');
      await broker.deleteExchange(`${queue}.direct`);
      await broker.deleteQueue(queue);
    });

    it('gives a message once to a queue that is bound twice', async () => {
      await broker.ensureQueue(queue);
      await broker.ensureExchange(`${queue}.fanout`, 'fanout');
      await broker.bind(queue, `${queue}.fanout`, 'a');
      await broker.bind(queue, `${queue}.fanout`, 'b');
      await broker.publish({ exchange: `${queue}.fanout`, routingKey: 'a', body: Buffer.from('x') });
      assert.equal(await ready(broker, queue), 1);
      await broker.deleteQueue(queue);
    });

    it('says what is missing when it cannot bind', async () => {
      await assert.rejects(broker.bind(queue, `${queue}.missing`, ''), (error) => LynchpinError.is(error, 'CONNECTION'));
      assert.deepEqual(await broker.ensureQueue(queue), { known: true, ready: 0, consumers: 0 });
      await broker.deleteQueue(queue);
    });

    it('deletes only on the conditions asked', async () => {
      await broker.ensureQueue(queue);
      await broker.publish(message(queue));
      assert.equal(await broker.deleteQueue(queue, { empty: true }), false);
      const { intake, deliveries } = await intakeOf(broker);
      await intake.consume(queue, { prefetch: 1 }, deliveries.add);
      intake.ack((await deliveries.first(1))[0] ?? assert.fail());
      assert.equal(await broker.deleteQueue(queue, { unused: true }), false);
      await intake.close();
      await until(
        () => broker.count(queue),
        (count) => count.known && count.consumers === 0,
      );
      assert.equal(await broker.deleteQueue(queue, { unused: true, empty: true }), true);
      assert.deepEqual(await broker.count(queue), { known: false, reason: 'missing' });
      assert.equal(await broker.deleteQueue(queue), true);
    });
  });
}
