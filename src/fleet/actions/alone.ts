import { LynchpinError } from '../../errors/index.js';
import type { FleetParts } from '../parts.js';

/**
 * Does what only one may do at a time: whoever moves or deletes what was left over in a topic has an exclusive queue for as
 * long as messages may be in its hands. It is gone with its connection, as these are given back with it.
 * @throws LynchpinError `NAME_IN_USE` while somebody else is at it, `FORBIDDEN`, `CONNECTION`, and what the work throws.
 */
export async function alone<Result>(
  { broker, topic: namesOf }: FleetParts,
  topic: string,
  work: (lost: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const lost = new AbortController();
  const intake = await broker.openIntake((cause) => lost.abort(cause));
  try {
    // Consumed as well: a connection is not kept from an exclusive queue of its own.
    const queue = await intake.inbox([], namesOf(topic).salvage);
    await intake.consume(queue, { prefetch: 1, exclusive: true }, () => undefined);
  } catch (error) {
    if (!LynchpinError.is(error, 'NAME_IN_USE')) throw error;
    throw new LynchpinError(
      'NAME_IN_USE',
      `somebody else is rescuing or pruning ${topic} at this moment: wait for the end of that`,
      { topic },
      { cause: error },
    );
  }
  try {
    return await work(lost.signal);
  } finally {
    await intake.close().catch(() => undefined);
  }
}
