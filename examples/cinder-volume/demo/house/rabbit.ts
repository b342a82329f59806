import { startRabbit } from '../../../../test/support/rabbitmq/index.js';
import { type House, standingOn } from './house.js';
import { Performer } from './performer.js';
import { QueueCounts } from './queue-counts.js';

/** A private RabbitMQ, and each server and client a process of its own. */
export async function rabbitHouse(): Promise<House> {
  const node = await startRabbit({ prefix: 'lynchpin-demo' });
  const performers = new Set<Performer>();
  const counts = new QueueCounts(node.url);
  let closed = false;
  return {
    kind: 'amqp',
    async enact(part, tell) {
      if (closed) throw new Error('the house is closed');
      const performer = new Performer(part, node.url, tell);
      performers.add(performer);
      await performer.ready;
      return performer;
    },
    standing: async () =>
      [...(await counts.take())].map(([queue, messages]) => standingOn(queue, messages)).filter((standing) => standing !== undefined),
    async close() {
      closed = true;
      await Promise.all([...performers].map((performer) => performer.kill()));
      await counts.close();
      await node.stop();
    },
  };
}
