import assert from 'node:assert/strict';
import type { Broker, BrokerOptions } from '#lynchpin/broker/index.js';
import { LynchpinError } from '#lynchpin/errors/index.js';
import { type BreakableGround, Collected, type Ground, intakeOf, message, ready, until } from './ground.js';

const QUICK: BrokerOptions = { backoff: { first: 10, most: 100 } };

/** What is promised when the connection breaks. */
export function losing(ground: () => Ground): void {
  describe('a lost connection', () => {
    let broker: Broker;
    let other: Broker;
    let queue: string;
    beforeEach(async () => {
      queue = `${ground().prefix()}.work`;
      broker = await ground().open(QUICK);
      other = await ground().open();
      await broker.ensureQueue(queue);
    });
    afterEach(async () => {
      await other.deleteQueue(queue);
      await broker.close();
      await other.close();
    });

    it('ends intakes, ports and taps, each told once, and comes back by itself', async () => {
      const states = new Collected<string>();
      broker.watch(states.add);
      const { intake, lost } = await intakeOf(broker);
      const portLost = new Collected<Error>();
      const port = await broker.openPort({ onReply: () => {}, onReturned: () => {}, onLost: portLost.add });
      const tap = await broker.openTap();
      await intake.consume(queue, { prefetch: 1 }, () => {});
      ground().cut(broker);
      const causes = [...(await lost.first(1)), ...(await portLost.first(1))];
      assert.ok(causes.every((cause) => LynchpinError.is(cause, 'CONNECTION')));
      assert.deepEqual([intake.open, port.open], [false, false]);
      await assert.rejects(tap.get(queue), (error) => LynchpinError.is(error, 'CONNECTION'));
      await states.first(2);
      await broker.ready();
      assert.equal(broker.state, 'up');
      assert.deepEqual(states.items.slice(0, 2), ['down', 'up']);
      const next = await intakeOf(broker);
      await next.intake.consume(queue, { prefetch: 1 }, () => {});
      assert.deepEqual(
        await until(
          () => other.count(queue),
          (count) => count.known && count.consumers === 1,
        ),
        { known: true, ready: 0, consumers: 1 },
      );
      await next.intake.close();
      assert.deepEqual([lost.items.length, portLost.items.length], [1, 1]);
    });

    it('takes inboxes and consumers along, and gives back what was in hand', async () => {
      await broker.publish(message(queue, 'in hand'));
      const { intake, deliveries, lost } = await intakeOf(broker);
      const inbox = await intake.inbox([]);
      await intake.consume(queue, { prefetch: 1 }, deliveries.add);
      const [delivery] = await deliveries.first(1);
      ground().cut(broker);
      await lost.first(1);
      intake.ack(delivery ?? assert.fail());
      assert.deepEqual(
        await until(
          () => other.count(queue),
          (count) => count.known && count.ready === 1 && count.consumers === 0,
        ),
        { known: true, ready: 1, consumers: 0 },
      );
      const tap = await other.openTap();
      assert.equal((await tap.get(queue))?.redelivered, true);
      await tap.close();
      assert.equal(
        await until(
          () => other.publish(message(inbox)),
          (outcome) => outcome === 'returned',
        ),
        'returned',
      );
    });

    it('does not lose what was being published', async () => {
      const ids = Array.from({ length: 200 }, (_, index) => `m${index}`);
      const { intake, deliveries } = await intakeOf(other);
      await intake.consume(queue, { prefetch: 0, noAck: true }, deliveries.add);
      const first = ids.slice(0, 100).map((messageId) => broker.publish(message(queue, 'x', { messageId, persistent: true })));
      await deliveries.first(1);
      ground().cut(broker);
      const second = ids.slice(100).map((messageId) => broker.publish(message(queue, 'x', { messageId, persistent: true })));
      assert.deepEqual(new Set(await Promise.all([...first, ...second])), new Set(['confirmed']));
      await until(
        () => new Set(deliveries.items.map((delivery) => delivery.messageId)).size,
        (count) => count === 200,
      );
      await intake.close();
    });

    it('survives being cut again and again', async () => {
      for (let round = 0; round < 5; round += 1) {
        const publishing = broker.publish(message(queue, 'x', { messageId: String(round), persistent: true }));
        ground().cut(broker);
        assert.equal(await publishing, 'confirmed');
      }
      assert.ok((await ready(other, queue)) >= 5);
    });

    it('leaves a count unknown, and fails topology at once', async () => {
      const down = new Collected<string>();
      broker.watch(down.add);
      ground().cut(broker);
      await down.first(1);
      if (broker.state === 'down') {
        const [count, error] = await Promise.all([broker.count(queue), broker.bind(queue, 'x', '').catch((failure: unknown) => failure)]);
        if (!count.known) assert.equal(count.reason, 'disconnected');
        assert.ok(LynchpinError.is(error, 'CONNECTION'));
      }
      await broker.ready();
      assert.deepEqual(await broker.count(queue), { known: true, ready: 0, consumers: 0 });
    });
  });
}

/** What is promised when the broker itself goes away, or stops taking messages. */
export function breaking(ground: () => BreakableGround): void {
  describe('a broker that restarts', () => {
    it('keeps durable messages, forgets transient ones, and a publisher need not care', async function () {
      this.timeout(60_000);
      const broker = await ground().open(QUICK);
      const queue = `${ground().prefix()}.work`;
      const inHand = `${queue}.hand`;
      await broker.ensureQueue(queue);
      await broker.ensureQueue(inHand);
      await broker.publish(message(queue, 'durable', { persistent: true }));
      await broker.publish(message(queue, 'transient', { persistent: false }));
      await broker.publish(message(inHand, 'in hand', { persistent: true }));
      const { intake, deliveries, lost } = await intakeOf(broker);
      await intake.consume(inHand, { prefetch: 1 }, deliveries.add);
      await deliveries.first(1);
      const restarting = ground().restart();
      await lost.first(1);
      const meanwhile = broker.publish(message(queue, 'meanwhile', { persistent: true }));
      await restarting;
      assert.equal(await meanwhile, 'confirmed');
      await broker.ready();
      const tap = await broker.openTap();
      const bodies = [(await tap.get(queue))?.body.toString(), (await tap.get(queue))?.body.toString(), await tap.get(queue)];
      assert.deepEqual(bodies, ['durable', 'meanwhile', undefined]);
      assert.equal((await tap.get(inHand))?.body.toString(), 'in hand');
      await tap.close();
      await broker.deleteQueue(queue);
      await broker.deleteQueue(inHand);
      await broker.close();
    });
  });

  describe('a broker that blocks publishers', () => {
    it('goes on delivering and counting, and takes what waited afterwards', async function () {
      this.timeout(60_000);
      const broker = await ground().open(QUICK);
      const queue = `${ground().prefix()}.work`;
      await broker.ensureQueue(queue);
      await broker.publish(message(queue, 'before'));
      const states = new Collected<string>();
      broker.watch(states.add);
      await ground().block();
      let settled = false;
      const waiting = broker.publish(message(queue, 'during')).then((outcome) => {
        settled = true;
        return outcome;
      });
      await until(
        () => broker.state,
        (state) => state === 'blocked',
      );
      const { intake, deliveries } = await intakeOf(broker);
      await intake.consume(queue, { prefetch: 5 }, deliveries.add);
      await deliveries.first(1);
      assert.deepEqual(await broker.count(queue), { known: true, ready: 0, consumers: 1 });
      assert.equal(settled, false);
      await broker.ready();
      await ground().unblock();
      assert.equal(await waiting, 'confirmed');
      assert.deepEqual(
        (await deliveries.first(2)).map((delivery) => delivery.body.toString()),
        ['before', 'during'],
      );
      await until(
        () => broker.state,
        (state) => state === 'up',
      );
      await intake.close();
      await broker.deleteQueue(queue);
      await broker.close();
    });

    it('does not keep anyone from closing', async function () {
      this.timeout(60_000);
      const broker = await ground().open(QUICK);
      const queue = `${ground().prefix()}.work`;
      await broker.ensureQueue(queue);
      await ground().block();
      const waiting = broker.publish(message(queue)).catch((error: unknown) => error);
      await until(
        () => broker.state,
        (state) => state === 'blocked',
      );
      await broker.close({ timeout: 50 });
      assert.ok(LynchpinError.is(await waiting, 'CLOSED'));
      await ground().unblock();
    });
  });
}
