import { LynchpinError } from '../../errors/index.js';
import type { FleetParts } from '../parts.js';

/**
 * Makes sure that the broker knows a topic, so that one that is misspelt does not come into being by being asked for.
 * @throws LynchpinError `NO_SERVER` when nobody has ever served it.
 */
export async function mustBeKnown(parts: FleetParts, topic: string): Promise<void> {
  const { roll, ledger } = parts.topic(topic);
  for (const queue of [roll, ledger]) {
    // One after the other: nearly always the first is there, and one that is missing costs a channel.
    const count = await parts.broker.count(queue);
    if (count.known || count.reason !== 'missing') return;
  }
  throw new LynchpinError(
    'NO_SERVER',
    `the broker knows no topic ${topic}: nobody has ever served it in this namespace. Is it spelt as in its contract, and is this the namespace of the system?`,
    { topic },
  );
}
