import assert from 'node:assert/strict';
import type { Channel, Message } from 'amqplib';
import { until } from '../conformance/ground.js';
import { sharedRabbit } from '../support/rabbitmq/index.js';
import { consumerProcess, Raw } from './raw.js';

const BODY = Buffer.from('x');

/**
 * What the design takes for granted of RabbitMQ, asked of RabbitMQ itself. When one of these fails on a newer release,
 * it is not a test that is broken: something in `src/` rests on it.
 */
describe('RabbitMQ', () => {
  let raw: Raw;
  let url: string;
  let queue: string;
  let namespace: () => string;
  before(async function () {
    ({ url, namespace } = await sharedRabbit(this));
    raw = await Raw.connect(url);
  });
  after(() => raw.close());
  beforeEach(() => {
    queue = `${namespace()}.fact`;
  });

  async function withQueue(options: object, work: (channel: Channel) => Promise<void>): Promise<void> {
    const channel = await raw.channel();
    await channel.assertQueue(queue, options);
    try {
      await work(channel);
    } finally {
      const cleaner = await raw.channel();
      await cleaner.deleteQueue(queue).catch(() => {});
      await cleaner.close().catch(() => {});
    }
  }

  /** How a channel ended. */
  const codeOf = (error: unknown): unknown => (error as { code?: unknown }).code;

  describe('publishing', () => {
    it('confirms and loses a message to a missing queue, unless it is mandatory', async () => {
      const channel = await raw.confirmChannel();
      const events: string[] = [];
      channel.on('return', (message: Message) => events.push(`returned ${message.fields.routingKey}`));
      const publish = (mandatory: boolean): Promise<void> =>
        new Promise((resolve, reject) => {
          channel.publish('', queue, BODY, { mandatory }, (error: unknown) => {
            events.push('confirmed');
            if (error === null) resolve();
            else reject(error as Error);
          });
        });
      await publish(false);
      assert.deepEqual(events, ['confirmed']);
      await publish(true);
      assert.deepEqual(events, ['confirmed', `returned ${queue}`, 'confirmed']);
      await channel.close();
    });

    it('does not return what a queue without consumers takes', async () => {
      await withQueue({ durable: true }, async (channel) => {
        let returned = 0;
        channel.on('return', () => (returned += 1));
        channel.publish('', queue, BODY, { mandatory: true });
        await until(
          () => channel.checkQueue(queue),
          ({ messageCount }) => messageCount === 1,
        );
        assert.equal(returned, 0);
      });
    });

    it('closes the channel, and does not return, when the exchange is missing', async () => {
      const channel = await raw.confirmChannel();
      const failed = new Promise((resolve) => channel.once('error', resolve));
      channel.publish(queue, '', BODY, { mandatory: true }, () => {});
      assert.equal(codeOf(await failed), 404);
    });

    it('refuses with a nack what a full queue will not take', async () => {
      await withQueue({ arguments: { 'x-max-length': 1, 'x-overflow': 'reject-publish' } }, async () => {
        const channel = await raw.confirmChannel();
        const publish = (): Promise<unknown> => new Promise((resolve) => channel.publish('', queue, BODY, {}, resolve));
        const answers = [await publish(), await publish(), await publish()];
        assert.ok(answers.some((error) => error instanceof Error));
        await channel.close();
      });
    });

    it('expires messages at the head of the queue only, and leaves the property as it was', async () => {
      await withQueue({}, async (channel) => {
        channel.sendToQueue(queue, BODY, { expiration: 60_000 });
        channel.sendToQueue(queue, BODY, { expiration: 1 });
        channel.sendToQueue(queue, BODY, { expiration: 1 });
        await until(
          () => channel.checkQueue(queue),
          ({ messageCount }) => messageCount === 3,
        );
        const head = await channel.get(queue);
        assert.ok(head !== false);
        assert.equal(head.properties.expiration, '60000');
        await until(
          () => channel.checkQueue(queue),
          ({ messageCount }) => messageCount === 0,
        );
      });
    });
  });

  describe('counting', () => {
    it('counts the consumers of all connections, and not the messages in their hands', async () => {
      await withQueue({}, async (channel) => {
        const other = await Raw.connect(url);
        const consuming = await other.channel();
        await consuming.prefetch(1);
        const delivered = new Promise((resolve) => void consuming.consume(queue, resolve));
        channel.sendToQueue(queue, BODY);
        channel.sendToQueue(queue, BODY);
        await delivered;
        assert.deepEqual(await channel.checkQueue(queue), { queue, messageCount: 1, consumerCount: 1 });
        await other.close();
      });
    });

    it('closes the channel, not the connection, over a missing queue', async () => {
      const channel = await raw.channel();
      const closed = new Promise((resolve) => channel.once('close', resolve));
      await assert.rejects(channel.checkQueue(queue), (error) => codeOf(error) === 404 && /NOT_FOUND - no queue/.test(String(error)));
      await closed;
      assert.throws(() => channel.sendToQueue(queue, BODY));
      await (await raw.channel()).close();
    });

    it("answers 405 for another connection's own queue", async () => {
      const other = await Raw.connect(url);
      const channel = await other.channel();
      await channel.assertQueue(queue, { exclusive: true });
      await assert.rejects((await raw.channel()).checkQueue(queue), (error) => codeOf(error) === 405);
      await other.close();
      await until(
        async () => (await raw.channel()).checkQueue(queue).catch(codeOf),
        (answer) => answer === 404,
      );
    });

    it('notices a consumer that is killed far sooner than its heartbeat', async () => {
      await withQueue({}, async () => {
        const heartbeat = 30;
        const child = await consumerProcess(url, queue, heartbeat);
        assert.equal(await raw.consumers(queue), 1);
        const killed = performance.now();
        child.kill('SIGKILL');
        await until(
          () => raw.consumers(queue),
          (count) => count === 0,
        );
        assert.ok(performance.now() - killed < (heartbeat * 1_000) / 10);
      });
    });

    it('notices a consumer that stands still after a few heartbeats, not at once', async () => {
      await withQueue({}, async () => {
        const child = await consumerProcess(url, queue, 1);
        child.kill('SIGSTOP');
        const frozen = performance.now();
        await until(
          () => raw.consumers(queue),
          (count) => count === 0,
        );
        const heartbeats = (performance.now() - frozen) / 1_000;
        child.kill('SIGKILL');
        assert.ok(heartbeats > 1 && heartbeats < 8, `${heartbeats} heartbeats`);
      });
    });

    it('counts a cancelled consumer with work in hand no longer on a classic queue, and lets the queue be deleted from under it', async () => {
      await withQueue({}, async (channel) => {
        const { acknowledge } = await cancelInHand(channel);
        assert.deepEqual(await channel.checkQueue(queue), { queue, messageCount: 0, consumerCount: 0 });
        await channel.deleteQueue(queue, { ifUnused: true, ifEmpty: true });
        acknowledge();
        await assert.rejects((await raw.channel()).checkQueue(queue), (error) => codeOf(error) === 404);
      });
    });

    it('goes on counting it on a quorum queue until the work is acknowledged', async () => {
      await withQueue({ arguments: { 'x-queue-type': 'quorum' } }, async (channel) => {
        const { acknowledge } = await cancelInHand(channel);
        assert.equal((await channel.checkQueue(queue)).consumerCount, 1);
        acknowledge();
        await until(
          () => channel.checkQueue(queue),
          ({ consumerCount }) => consumerCount === 0,
        );
      });
    });

    async function cancelInHand(channel: Channel): Promise<{ acknowledge: () => void }> {
      channel.sendToQueue(queue, BODY);
      const message = await new Promise<Message | null>((resolve) => void channel.consume(queue, resolve, { consumerTag: 'busy' }));
      await channel.cancel('busy');
      return { acknowledge: () => channel.ack(message ?? assert.fail()) };
    }
  });

  describe('queues', () => {
    it('refuses a second consumer with 403 where one is exclusive, and an exclusive one where there is another', async () => {
      await withQueue({}, async (channel) => {
        const { consumerTag } = await channel.consume(queue, () => {}, { exclusive: true });
        for (const exclusive of [true, false]) {
          await assert.rejects(
            (await raw.channel()).consume(queue, () => {}, { exclusive }),
            (error) => codeOf(error) === 403 && /exclusive/.test(String(error)),
          );
        }
        await channel.cancel(consumerTag);
        await channel.consume(queue, () => {});
        await assert.rejects(
          (await raw.channel()).consume(queue, () => {}, { exclusive: true }),
          (error) => codeOf(error) === 403 && /exclusive/.test(String(error)),
        );
      });
    });

    it('deletes a classic queue on a condition as one act', async () => {
      await withQueue({}, async (channel) => {
        channel.sendToQueue(queue, BODY);
        await channel.checkQueue(queue);
        await assert.rejects((await raw.channel()).deleteQueue(queue, { ifEmpty: true }), (error) => codeOf(error) === 406);
        await channel.consume(queue, () => {}, { noAck: true });
        await assert.rejects((await raw.channel()).deleteQueue(queue, { ifUnused: true }), (error) => codeOf(error) === 406);
        assert.equal((await channel.checkQueue(queue)).consumerCount, 1);
      });
    });

    it('closes the connection over such a wish for a quorum queue', async () => {
      await withQueue({ arguments: { 'x-queue-type': 'quorum' } }, async () => {
        const other = await Raw.connect(url);
        const closed = new Promise<unknown>((resolve) => other.model.once('close', resolve));
        await (await other.channel()).deleteQueue(queue, { ifUnused: true, ifEmpty: true }).catch(() => {});
        assert.equal(codeOf(await closed), 540);
      });
    });

    it('takes a quorum delivery limit of -1 for "none at all" before 4.0: the first return burns the message', async () => {
      await withQueue({ arguments: { 'x-queue-type': 'quorum', 'x-delivery-limit': -1 } }, async (channel) => {
        channel.sendToQueue(queue, BODY);
        const message = await until(
          () => channel.get(queue),
          (answer) => answer !== false,
        );
        channel.nack(message || assert.fail());
        const left = await until(
          () => channel.checkQueue(queue),
          ({ messageCount }) => messageCount === ((raw.version[0] ?? 0) < 4 ? 0 : 1),
        );
        assert.equal(left.messageCount, (raw.version[0] ?? 0) < 4 ? 0 : 1);
      });
    });

    it('burns a delivery limit at once when a consumer gives back what it cannot read', async () => {
      const dead = `${queue}.dead`;
      const limit = 20;
      await withQueue(
        {
          arguments: {
            'x-queue-type': 'quorum',
            'x-delivery-limit': limit,
            'x-dead-letter-exchange': '',
            'x-dead-letter-routing-key': dead,
          },
        },
        async (channel) => {
          await channel.assertQueue(dead);
          let returns = 0;
          await channel.consume(queue, (message) => {
            if (message === null) return;
            returns += 1;
            channel.nack(message);
          });
          channel.sendToQueue(queue, BODY);
          await until(
            () => channel.checkQueue(dead),
            ({ messageCount }) => messageCount === 1,
          );
          assert.ok(returns >= limit && returns <= limit + 1, `${returns} returns`);
          await channel.deleteQueue(dead);
        },
      );
    });
  });

  describe('direct replies', () => {
    it('reach the asker when a third party has moved the request, and are returned once it is gone', async () => {
      await withQueue({}, async (channel) => {
        const asker = await Raw.connect(url);
        const asking = await asker.channel();
        const reply = new Promise<Message | null>((resolve) => void asking.consume('amq.rabbitmq.reply-to', resolve, { noAck: true }));
        asking.sendToQueue(queue, BODY, { replyTo: 'amq.rabbitmq.reply-to' });
        const first = await until(
          () => channel.get(queue),
          (answer) => answer !== false,
        );
        const token = String((first || assert.fail()).properties.replyTo);
        channel.sendToQueue(queue, BODY, { replyTo: token });
        const moved = await until(
          () => channel.get(queue),
          (answer) => answer !== false,
        );
        assert.equal((moved || assert.fail()).properties.replyTo, token);
        channel.sendToQueue(token, Buffer.from('found you'));
        assert.equal((await reply)?.content.toString(), 'found you');
        await asker.close();
        const returned = new Promise((resolve) => channel.once('return', resolve));
        await until(
          () => {
            channel.publish('', token, BODY, { mandatory: true });
            return Promise.race([returned, channel.checkQueue(queue).then(() => undefined)]);
          },
          (answer) => answer !== undefined,
        );
      });
    });

    it('close a channel that asks for them without listening', async () => {
      const channel = await raw.channel();
      const failed = new Promise((resolve) => channel.once('error', resolve));
      channel.sendToQueue(queue, BODY, { replyTo: 'amq.rabbitmq.reply-to' });
      assert.equal(codeOf(await failed), 406);
    });
  });
});
