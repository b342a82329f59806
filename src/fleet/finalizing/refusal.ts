import { LynchpinError } from '../../errors/index.js';
import type { Version } from '../../versions/index.js';
import type { Obstacle } from './obstacles.js';

/**
 * Why a version was not made final:
 * - `refused`: something stands against it, and nothing was begun, or what was begun was given up at once.
 * - `timeout`: not everyone came along in time, and it was given up.
 * - `held`, `aborted`: somebody put a hold on the topic, or gave it up, while it was under way.
 * - `pending`: it is under way still, because somebody else has prepared it, or because the ledger could not be reached.
 */
export type NotFinal = 'refused' | 'timeout' | 'held' | 'aborted' | 'pending';

/** The error for a version that was not made final. Its details have the points as plain data. */
export function notFinal(topic: string, version: Version, outcome: NotFinal, why: string, points: readonly Obstacle[]): LynchpinError {
  const named = points.length === 0 ? '' : `: ${points.map(({ text }) => text).join('; ')}`;
  return new LynchpinError('NOT_FINAL', `${version} of topic ${topic} is not final, ${why}${named}`, {
    topic,
    version,
    outcome,
    inTheWay: points,
  });
}
