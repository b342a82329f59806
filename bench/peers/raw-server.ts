import { connect } from 'amqplib';

/** The other side of the raw measurement: parses the JSON, answers the same order, acknowledges. */
const [url = '', queue = ''] = process.argv.slice(2);
const connection = await connect(url, { noDelay: true });
const channel = await connection.createChannel();
await channel.assertQueue(queue, { durable: true });
await channel.prefetch(100);
await channel.consume(queue, (message) => {
  if (message === null) return;
  const { order } = JSON.parse(message.content.toString()) as { order: unknown };
  channel.publish('', message.properties.replyTo as string, Buffer.from(JSON.stringify(order)), {
    correlationId: message.properties.correlationId as string,
  });
  channel.ack(message);
});
process.send?.('ready');
process.on('message', (question) => {
  if (question === 'stop') void connection.close().then(() => process.disconnect());
});
