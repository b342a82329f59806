import assert from 'node:assert/strict';
import type { Broker, Delivery } from '#lynchpin/broker/index.js';
import { LynchpinError } from '#lynchpin/errors/index.js';
import { Collected, type Ground, intakeOf, message, ready, until } from './ground.js';

/** What intakes and taps promise while the connection holds. */
export function consuming(ground: () => Ground): void {
  let broker: Broker;
  let queue: string;

  async function fill(count: number): Promise<void> {
    await Promise.all(
      Array.from({ length: count }, (_, index) => broker.publish(message(queue, String(index), { messageId: String(index) }))),
    );
  }

  const numbers = (deliveries: readonly Delivery[]): number[] => deliveries.map((delivery) => Number(delivery.body.toString()));

  describe('an intake', () => {
    before(async () => {
      broker = await ground().open();
    });
    after(() => broker.close());
    beforeEach(async () => {
      queue = `${ground().prefix()}.work`;
      await broker.ensureQueue(queue);
    });
    afterEach(() => broker.deleteQueue(queue));

    it('hands out no more than the prefetch, and one more for each acknowledgement', async () => {
      await fill(10);
      const { intake, deliveries } = await intakeOf(broker);
      await intake.consume(queue, { prefetch: 3 }, deliveries.add);
      const first = await deliveries.first(3);
      assert.equal(await ready(broker, queue), 7);
      assert.equal(deliveries.items.length, 3);
      intake.ack(first[1] ?? assert.fail());
      assert.deepEqual(numbers(await deliveries.first(4)), [0, 1, 2, 3]);
      assert.equal(await ready(broker, queue), 6);
      assert.equal(deliveries.items.length, 4);
      await intake.close();
    });

    it('counts the prefetch for each consumer by itself', async () => {
      const other = `${queue}.other`;
      await broker.ensureQueue(other);
      await fill(5);
      for (let index = 0; index < 5; index += 1) await broker.publish(message(other, 'other'));
      const { intake, deliveries } = await intakeOf(broker);
      const others = new Collected<Delivery>();
      await Promise.all([intake.consume(queue, { prefetch: 2 }, deliveries.add), intake.consume(other, { prefetch: 4 }, others.add)]);
      await Promise.all([deliveries.first(2), others.first(4)]);
      assert.deepEqual([await ready(broker, queue), await ready(broker, other)], [3, 1]);
      await intake.close();
      await broker.deleteQueue(other);
    });

    it('gives back what was not acknowledged, marked, in order, and nothing else', async () => {
      await fill(8);
      const { intake, deliveries } = await intakeOf(broker);
      await intake.consume(queue, { prefetch: 8 }, deliveries.add);
      const all = await deliveries.first(8);
      // A prefix with a hole, some beyond it, in an order of their own, in several ticks.
      for (const index of [5, 0, 1]) intake.ack(all[index] ?? assert.fail());
      await new Promise((resolve) => setImmediate(resolve));
      for (const index of [7, 3]) intake.ack(all[index] ?? assert.fail());
      await intake.close();
      const next = await intakeOf(broker);
      await next.intake.consume(queue, { prefetch: 8 }, next.deliveries.add);
      const left = await next.deliveries.first(3);
      assert.deepEqual(numbers(left), [2, 4, 6]);
      assert.ok(left.every((delivery) => delivery.redelivered));
      for (const delivery of left) next.intake.ack(delivery);
      await next.intake.close();
      assert.equal(await ready(broker, queue), 0);
    });

    it('acknowledges a long run in any order without losing or returning one', async () => {
      await fill(300);
      const { intake, deliveries, lost } = await intakeOf(broker);
      await intake.consume(queue, { prefetch: 50 }, (delivery) => {
        deliveries.add(delivery);
        const number = Number(delivery.body.toString());
        if (number % 7 === 0) queueMicrotask(() => intake.ack(delivery));
        else if (number % 7 === 1) setImmediate(() => intake.ack(delivery));
        else if (number % 7 === 2) setTimeout(() => intake.ack(delivery), 1);
        else intake.ack(delivery);
      });
      await deliveries.first(300);
      await new Promise((resolve) => setTimeout(resolve, 20));
      await intake.close();
      assert.deepEqual(
        await until(
          () => broker.count(queue),
          (count) => count.known && count.consumers === 0,
        ),
        { known: true, ready: 0, consumers: 0 },
      );
      assert.equal(lost.items.length, 0);
      assert.equal(deliveries.items.length, 300);
    });

    it('takes a second acknowledgement of the same delivery for nothing', async () => {
      await fill(3);
      const { intake, deliveries, lost } = await intakeOf(broker);
      await intake.consume(queue, { prefetch: 1 }, deliveries.add);
      const first = (await deliveries.first(1))[0] ?? assert.fail();
      intake.ack(first);
      intake.ack(first);
      const [, second] = await deliveries.first(2);
      intake.ack(first);
      intake.ack(second ?? assert.fail());
      await deliveries.first(3);
      assert.equal(lost.items.length, 0);
      await intake.close();
      assert.equal(
        await until(
          () => ready(broker, queue),
          (count) => count === 1,
        ),
        1,
      );
    });

    it('does not mark what was never handed out', async () => {
      await fill(2);
      const { intake, deliveries } = await intakeOf(broker);
      await intake.consume(queue, { prefetch: 1 }, deliveries.add);
      await deliveries.first(1);
      await intake.close();
      const next = await intakeOf(broker);
      await next.intake.consume(queue, { prefetch: 2 }, next.deliveries.add);
      assert.deepEqual(
        (await next.deliveries.first(2)).map((delivery) => delivery.redelivered),
        [true, false],
      );
      await next.intake.close();
    });

    it('asks for no acknowledgement when told so', async () => {
      await fill(5);
      const { intake, deliveries, lost } = await intakeOf(broker);
      await intake.consume(queue, { prefetch: 1, noAck: true }, (delivery) => {
        deliveries.add(delivery);
        intake.ack(delivery);
      });
      await deliveries.first(5);
      await intake.close();
      assert.equal(lost.items.length, 0);
      assert.equal(await ready(broker, queue), 0);
    });

    it('shares a queue fairly among consumers', async () => {
      const a = await intakeOf(broker);
      const b = await intakeOf(broker);
      await a.intake.consume(queue, { prefetch: 5 }, a.deliveries.add);
      await b.intake.consume(queue, { prefetch: 5 }, b.deliveries.add);
      await fill(10);
      await Promise.all([a.deliveries.first(5), b.deliveries.first(5)]);
      assert.deepEqual(
        numbers([...a.deliveries.items, ...b.deliveries.items]).sort((x, y) => x - y),
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
      );
      await a.intake.close();
      await b.intake.close();
    });

    it('stops new deliveries when a consumer is cancelled, and still takes acknowledgements', async () => {
      const { intake, deliveries, lost } = await intakeOf(broker);
      const consumer = await intake.consume(queue, { prefetch: 1 }, deliveries.add);
      await fill(3);
      const [first] = await deliveries.first(1);
      await consumer.cancel();
      assert.deepEqual(await broker.count(queue), { known: true, ready: 2, consumers: 0 });
      intake.ack(first ?? assert.fail());
      await intake.close();
      assert.equal(await ready(broker, queue), 2);
      assert.equal(deliveries.items.length, 1);
      assert.equal(lost.items.length, 0);
    });

    it('lets one alone consume, and tells the others that the name is in use', async () => {
      const { intake } = await intakeOf(broker);
      await intake.consume(queue, { prefetch: 1, exclusive: true }, () => {});
      for (const exclusive of [true, false]) {
        const other = await intakeOf(broker);
        await assert.rejects(
          other.intake.consume(queue, { prefetch: 1, exclusive }, () => {}),
          (error) => LynchpinError.is(error, 'NAME_IN_USE'),
        );
        assert.equal(other.intake.open, false);
        assert.equal((await other.lost.first(1)).length, 1);
      }
      assert.equal(intake.open, true);
      await intake.close();
      const next = await intakeOf(broker);
      await next.intake.consume(queue, { prefetch: 1, exclusive: true }, () => {});
      await next.intake.close();
    });

    it('refuses to be alone where another consumes', async () => {
      const { intake } = await intakeOf(broker);
      await intake.consume(queue, { prefetch: 1 }, () => {});
      const other = await intakeOf(broker);
      await assert.rejects(
        other.intake.consume(queue, { prefetch: 1, exclusive: true }, () => {}),
        (error) => LynchpinError.is(error, 'NAME_IN_USE'),
      );
      await intake.close();
    });

    it('says that a queue is missing, and is lost', async () => {
      const { intake, lost } = await intakeOf(broker);
      await assert.rejects(
        intake.consume(`${queue}.missing`, { prefetch: 1 }, () => {}),
        (error) => LynchpinError.is(error, 'CONNECTION'),
      );
      await lost.first(1);
      assert.equal(intake.open, false);
      await assert.rejects(
        intake.consume(queue, { prefetch: 1 }, () => {}),
        (error) => LynchpinError.is(error, 'CONNECTION'),
      );
      assert.equal(lost.items.length, 1);
    });

    it('is lost as a whole, once, when the broker cancels one of its consumers', async () => {
      const other = `${queue}.other`;
      await broker.ensureQueue(other);
      await fill(1);
      const { intake, lost, deliveries } = await intakeOf(broker);
      await intake.consume(queue, { prefetch: 1 }, deliveries.add);
      await intake.consume(other, { prefetch: 1 }, () => {});
      await deliveries.first(1);
      await broker.deleteQueue(other);
      await lost.first(1);
      assert.equal(intake.open, false);
      intake.ack(deliveries.items[0] ?? assert.fail());
      assert.deepEqual(
        await until(
          () => broker.count(queue),
          (count) => count.known && count.consumers === 0 && count.ready === 1,
        ),
        { known: true, ready: 1, consumers: 0 },
      );
      assert.equal(lost.items.length, 1);
    });

    it('is not lost when its owner closes it', async () => {
      const { intake, lost } = await intakeOf(broker);
      await intake.consume(queue, { prefetch: 1 }, () => {});
      await intake.close();
      await intake.close();
      assert.deepEqual(await broker.count(queue), { known: true, ready: 0, consumers: 0 });
      assert.equal(lost.items.length, 0);
      assert.equal(intake.open, false);
    });

    it('has inboxes that hear fanouts and go away with it', async () => {
      const exchange = `${queue}.fanout`;
      await broker.ensureExchange(exchange, 'fanout');
      const { intake, deliveries } = await intakeOf(broker);
      const inbox = await intake.inbox([exchange]);
      const second = await intake.inbox([]);
      assert.notEqual(inbox, second);
      await intake.consume(inbox, { prefetch: 0, noAck: true }, deliveries.add);
      assert.equal(await broker.publish({ exchange, routingKey: '', body: Buffer.from('all') }), 'confirmed');
      assert.equal(await broker.publish(message(inbox, 'me')), 'confirmed');
      assert.deepEqual(
        (await deliveries.first(2)).map((delivery) => delivery.body.toString()),
        ['all', 'me'],
      );
      await intake.close();
      assert.equal(
        await until(
          () => broker.publish(message(inbox)),
          (outcome) => outcome === 'returned',
        ),
        'returned',
      );
      assert.equal(await broker.publish(message(second)), 'returned');
    });

    it('has inboxes by name, which tell others that their owner is there', async () => {
      const name = `${queue}.life`;
      const other = await ground().open();
      const { intake, deliveries } = await intakeOf(broker);
      assert.equal(await intake.inbox([], name), name);
      await intake.consume(name, { prefetch: 0, noAck: true }, deliveries.add);
      assert.deepEqual(await other.count(name), { known: false, reason: 'taken' });
      const { intake: second } = await intakeOf(other);
      await assert.rejects(second.inbox([], name), (error: unknown) => LynchpinError.is(error, 'NAME_IN_USE'));
      assert.equal(await other.publish(message(name, 'you')), 'confirmed');
      assert.equal((await deliveries.first(1))[0]?.body.toString(), 'you');
      await intake.close();
      const gone = { known: false, reason: 'missing' };
      assert.deepEqual(
        await until(
          () => other.count(name),
          (count) => !count.known && count.reason === 'missing',
        ),
        gone,
      );
      await other.close();
    });
  });

  describe('a tap', () => {
    before(async () => {
      broker = await ground().open();
    });
    after(() => broker.close());
    beforeEach(async () => {
      queue = `${ground().prefix()}.tapped`;
      await broker.ensureQueue(queue);
    });
    afterEach(() => broker.deleteQueue(queue));

    it('fetches one by one, and answers nothing from an empty queue', async () => {
      await fill(2);
      const tap = await broker.openTap();
      assert.deepEqual(numbers([(await tap.get(queue)) ?? assert.fail(), (await tap.get(queue)) ?? assert.fail()]), [0, 1]);
      assert.equal(await tap.get(queue), undefined);
      await tap.close();
    });

    it('gives back what it did not acknowledge, marked', async () => {
      await fill(3);
      const tap = await broker.openTap();
      const [first, second] = [await tap.get(queue), await tap.get(queue)];
      assert.equal(first?.redelivered, false);
      await tap.ack(second ?? assert.fail());
      await tap.close();
      const next = await broker.openTap();
      const [again, third] = [
        await until(
          () => next.get(queue),
          (delivery) => delivery !== undefined,
        ),
        await next.get(queue),
      ];
      assert.deepEqual([again?.body.toString(), again?.redelivered, third?.body.toString(), third?.redelivered], ['0', true, '2', false]);
      await next.close();
    });

    it('says that a queue is missing', async () => {
      const tap = await broker.openTap();
      await assert.rejects(tap.get(`${queue}.missing`), (error) => LynchpinError.is(error, 'CONNECTION'));
    });
  });
}
