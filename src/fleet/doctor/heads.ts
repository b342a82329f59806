import { literal } from './names.js';
import { Reader, text, type Management } from './reader.js';

/** When the message at the head of each queue was sent, ISO 8601, or why that is not known. */
export type Heads = { readonly known: true; readonly sent: ReadonlyMap<string, string> } | { readonly known: false; readonly why: string };

/**
 * Asks the management API when the oldest message of each queue of a topic was sent: there is no way to look at a message over
 * AMQP without marking it as delivered before. Calls carry no time, and quorum queues do not tell theirs.
 * @param topic what the names of its queues begin with: namespace, dot, topic.
 * @param timeout in ms, for each answer.
 */
export async function askHeads(
  management: Management,
  { topic, virtualHost, timeout }: { readonly topic: string; readonly virtualHost: string; readonly timeout: number },
): Promise<Heads> {
  const reader = new Reader(management, timeout);
  const refusal = await reader.refusal();
  if (refusal !== undefined) return { known: false, why: refusal };
  const name = encodeURIComponent(`^${literal(topic)}[@.]`);
  const queues = await reader.pages(`queues/${encodeURIComponent(virtualHost)}?use_regex=true&name=${name}`, (item) => {
    const seconds = item['head_message_timestamp'];
    return [text(item, 'name'), typeof seconds === 'number' ? new Date(seconds * 1_000).toISOString() : undefined] as const;
  });
  if (!queues.known) return queues;
  return { known: true, sent: new Map(queues.list.flatMap(([queue, sent]) => (sent === undefined ? [] : [[queue, sent] as const]))) };
}
