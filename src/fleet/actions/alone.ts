import { LynchpinError } from '../../errors/index.js';
import type { FleetParts } from '../parts.js';

/**
 * Does what only one may do at a time: whoever moves or deletes what was left over in a topic has an exclusive queue for as
 * long as messages may be in its hands. It is gone with its connection, as these are given back with it.
 * @throws LynchpinError `NAME_IN_USE` while somebody else is at it, `FORBIDDEN`, `CONNECTION`, and what the work throws.
 */
export async function alone<Result>(
  { broker, topic: namesOf, salvaging = new Set() }: FleetParts,
  topic: string,
  work: (lost: AbortSignal) => Promise<Result>,
): Promise<Result> {
  // A connection is not kept from an exclusive queue of its own.
  if (salvaging.has(topic)) throw busy(topic);
  salvaging.add(topic);
  const lost = new AbortController();
  try {
    const intake = await broker.openIntake((cause) => lost.abort(cause));
    try {
      await intake.inbox([], namesOf(topic).salvage);
      return await work(lost.signal);
    } finally {
      await intake.close().catch(() => undefined);
    }
  } catch (error) {
    throw LynchpinError.is(error, 'NAME_IN_USE') && error.details['topic'] === undefined ? busy(topic, error) : error;
  } finally {
    salvaging.delete(topic);
  }
}

function busy(topic: string, cause?: unknown): LynchpinError {
  const text = `somebody else is rescuing or pruning ${topic} at this moment: wait for the end of that`;
  return new LynchpinError('NAME_IN_USE', text, { topic }, { cause });
}
