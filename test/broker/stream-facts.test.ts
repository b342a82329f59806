import assert from 'node:assert/strict';
import type { Channel, ConfirmChannel, ConsumeMessage, Options } from 'amqplib';
import { Collected, until } from '../conformance/ground.js';
import { sharedRabbit } from '../support/rabbitmq/index.js';
import { Raw } from './raw.js';

const STREAM: Options.AssertQueue = { durable: true, arguments: { 'x-queue-type': 'stream' } };

/** What the broker's log takes for granted of streams, asked of RabbitMQ itself (see also facts.test.ts). */
describe('a RabbitMQ stream', () => {
  let raw: Raw;
  let url: string;
  let queue: string;
  let namespace: () => string;
  let channel: ConfirmChannel;
  before(async function () {
    ({ url, namespace } = await sharedRabbit(this));
    raw = await Raw.connect(url);
  });
  after(() => raw.close());
  beforeEach(async () => {
    queue = `${namespace()}.stream`;
    channel = await raw.confirmChannel();
  });
  afterEach(async () => {
    await (await raw.channel()).deleteQueue(queue);
    await channel.close().catch(() => {});
  });

  const codeOf = (error: unknown): unknown => (error as { code?: unknown }).code;

  async function append(count: number, bytes = 1): Promise<void> {
    for (let index = 0; index < count; index += 1) channel.sendToQueue(queue, Buffer.alloc(bytes, 'x'), { messageId: String(index) });
    await channel.waitForConfirms();
  }

  async function consume(from: unknown, prefetch = 100): Promise<{ messages: Collected<ConsumeMessage>; consuming: Channel }> {
    const consuming = await raw.channel();
    const messages = new Collected<ConsumeMessage>();
    await consuming.prefetch(prefetch);
    await consuming.consume(queue, (message) => message !== null && messages.add(message), { arguments: { 'x-stream-offset': from } });
    return { messages, consuming };
  }

  const offsetOf = (message: ConsumeMessage | undefined): unknown => message?.properties.headers?.['x-stream-offset'];

  it('numbers messages from 0 in a header of the delivery, and begins at any number asked', async () => {
    await channel.assertQueue(queue, STREAM);
    await append(300);
    for (const from of [0, 1, 127, 128, 299]) {
      const { messages, consuming } = await consume(from);
      assert.equal(offsetOf((await messages.first(1))[0]), from);
      await consuming.close();
    }
    const { messages, consuming } = await consume('first');
    assert.equal(offsetOf((await messages.first(1))[0]), 0);
    await consuming.close();
  });

  it('leaves numbers out where one of its segments ends', async () => {
    const small = { 'x-queue-type': 'stream', 'x-stream-max-segment-size-bytes': 1_000 };
    await channel.assertQueue(queue, { durable: true, arguments: small });
    for (let index = 0; index < 30; index += 1) await append(1, 200);
    const { messages, consuming } = await consume('first');
    const offsets = (await messages.first(30)).map(offsetOf) as number[];
    assert.equal(offsets[0], 0);
    assert.ok((offsets[29] ?? 0) > 29);
    await consuming.close();
  });

  it('drops the oldest where its arguments bound it, and then begins later than was asked without a word', async () => {
    const bounded = { 'x-queue-type': 'stream', 'x-stream-max-segment-size-bytes': 1_000, 'x-max-length-bytes': 2_000 };
    await channel.assertQueue(queue, { durable: true, arguments: bounded });
    for (let index = 0; index < 30; index += 1) await append(1, 200);
    await until(
      async () => {
        const { messages, consuming } = await consume(1);
        const [first] = await messages.first(1);
        await consuming.close();
        return Number(offsetOf(first));
      },
      (first) => first > 1,
    );
  });

  it('hands out the prefetch, or what was written at once, takes nothing away, and has room once it is acknowledged', async () => {
    await channel.assertQueue(queue, STREAM);
    for (let index = 0; index < 20; index += 1) await append(1);
    const { messages, consuming } = await consume('first', 5);
    const handed = await messages.first(5);
    await consuming.checkQueue(queue);
    assert.equal(messages.items.length, 5);
    consuming.ack(handed[4] ?? assert.fail(), true);
    await messages.first(10);
    const again = await consume('first');
    assert.equal(offsetOf((await again.messages.first(1))[0]), 0);
    await Promise.all([consuming.close(), again.consuming.close()]);
  });

  it('wants a prefetch', async () => {
    await channel.assertQueue(queue, STREAM);
    await assert.rejects(
      (await raw.channel()).consume(queue, () => {}),
      (error) => codeOf(error) === 406,
    );
  });

  it('closes the connection over a consumer that does not acknowledge', async () => {
    await channel.assertQueue(queue, STREAM);
    const other = await Raw.connect(url);
    const closed = new Promise<unknown>((resolve) => other.model.once('close', resolve));
    const consuming = await other.channel();
    await consuming.prefetch(1);
    await consuming.consume(queue, () => {}, { noAck: true }).catch(() => {});
    assert.equal(codeOf(await closed), 540);
  });

  it('is told from other queues by the offset, which they refuse, and not by a passive declaration', async () => {
    await channel.assertQueue(queue, { durable: true });
    const consuming = await raw.channel();
    await consuming.prefetch(1);
    await assert.rejects(
      consuming.consume(queue, () => {}, { arguments: { 'x-stream-offset': 'next' } }),
      (error) => codeOf(error) === 406 && /x-stream-offset/.test(String(error)),
    );
    const { messageCount, consumerCount } = await channel.checkQueue(queue);
    assert.deepEqual([messageCount, consumerCount], [0, 0]);
  });

  it('counts neither messages nor consumers', async () => {
    await channel.assertQueue(queue, STREAM);
    await append(3);
    const { messages, consuming } = await consume('first');
    await messages.first(3);
    assert.deepEqual(await channel.checkQueue(queue), { queue, messageCount: 0, consumerCount: 0 });
    await consuming.close();
  });

  it('is deleted, messages, consumers and all, whatever the conditions', async () => {
    await channel.assertQueue(queue, STREAM);
    await append(3);
    const { messages, consuming } = await consume('first');
    await messages.first(3);
    await channel.deleteQueue(queue, { ifUnused: true, ifEmpty: true });
    await assert.rejects((await raw.channel()).checkQueue(queue), (error) => codeOf(error) === 404);
    await consuming.close();
  });

  it('cannot be of a type that the broker does not know, which it says with 406', async () => {
    const unknown = { durable: true, arguments: { 'x-queue-type': 'unknown' } };
    await assert.rejects(
      (await raw.channel()).assertQueue(queue, unknown),
      (error) => codeOf(error) === 406 && /invalid arg 'x-queue-type'/.test(String(error)),
    );
  });
});
