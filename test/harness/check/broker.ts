import { connect } from 'amqplib';
import type { WireJournal } from '../proxy/index.js';
import type { QueueState, StandingMessage } from './evidence.js';

/**
 * Every queue that a process named to the broker, except those that die with a connection (named by the broker, or a process's
 * life), and the log: what stands there is no message that anyone waits for.
 */
export function queuesNamed(wires: readonly WireJournal[]): string[] {
  const names = wires.flatMap(({ entries }) => entries.flatMap((entry) => ('queue' in entry ? [entry.queue] : [])));
  return [...new Set(names)].filter((name) => name !== '' && !/^amq\.|:life\.|\.ledger$/.test(name)).sort();
}

/** Looks at queues as an operator would, with nobody left who consumes them: what stands there, and puts it back. */
export async function inspectQueues(url: string, names: readonly string[]): Promise<QueueState[]> {
  const connection = await connect(url, { noDelay: true });
  connection.on('error', () => {});
  try {
    const states: QueueState[] = [];
    for (const queue of names) {
      const messages = await standing(connection, queue);
      if (messages !== undefined) states.push({ queue, messages });
    }
    return states;
  } finally {
    await connection.close();
  }
}

async function standing(connection: Awaited<ReturnType<typeof connect>>, queue: string): Promise<StandingMessage[] | undefined> {
  const channel = await connection.createChannel();
  channel.on('error', () => {});
  const messages: StandingMessage[] = [];
  try {
    await channel.checkQueue(queue);
    for (let message = await channel.get(queue); message !== false; message = await channel.get(queue)) {
      const { messageId, type, headers } = message.properties;
      const reference = /"reference":"([^"]+)"/.exec(message.content.toString('utf8'))?.[1];
      messages.push({
        ...(typeof messageId === 'string' && { id: messageId }),
        ...(typeof type === 'string' && { type }),
        ...(reference !== undefined && { reference }),
        headers: headers ?? {},
      });
    }
  } catch (error) {
    // A missing queue closes the channel.
    if ((error as { code?: unknown }).code === 404) return undefined;
    throw error;
  }
  // What was fetched goes back to where it stood.
  await channel.close();
  return messages;
}
