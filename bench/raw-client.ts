import { randomUUID } from 'node:crypto';
import { connect } from 'amqplib';

/** The least that a call over RabbitMQ costs: one queue, direct reply-to, JSON both ways, nothing checked. */
export async function rawClient(url: string, queue: string): Promise<{ call(order: object): Promise<unknown>; close(): Promise<void> }> {
  const connection = await connect(url, { noDelay: true });
  const channel = await connection.createChannel();
  const pending = new Map<string, (answer: unknown) => void>();
  await channel.consume(
    'amq.rabbitmq.reply-to',
    (message) => {
      if (message === null) return;
      const id = message.properties.correlationId as string;
      const resolve = pending.get(id);
      pending.delete(id);
      resolve?.(JSON.parse(message.content.toString()));
    },
    { noAck: true },
  );
  return {
    call: (order) =>
      new Promise((resolve) => {
        const id = randomUUID();
        pending.set(id, resolve);
        channel.publish('', queue, Buffer.from(JSON.stringify({ order })), { correlationId: id, replyTo: 'amq.rabbitmq.reply-to' });
      }),
    close: async () => {
      await channel.deleteQueue(queue);
      await connection.close();
    },
  };
}
