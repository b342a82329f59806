import { compareVersions, type Version } from '../versions/index.js';
import { decide, firstStanding, type PinRules, type Standing } from './decide.js';
import type { Reading } from './reading.js';

/** Where a pin stands, and where it would stand if nobody held it. They are one and the same while no hold is in its way. */
export interface Course {
  readonly standing: Standing;
  readonly free: Standing;
}

export function firstCourse(rules: PinRules): Course {
  const standing = firstStanding(rules);
  return { standing, free: standing };
}

/**
 * Decides what a pin is after a look, under holds. Pure. What it would be without them is decided along with it: then it
 * is known when a hold is the only thing left, and a release takes effect at once, because the quiet time has passed under it.
 *
 * @param rules without the holds.
 * @param ceiling how far the holds let it rise, one of the line's versions; undefined for no limit.
 */
export function steer(before: Course, reading: Reading, now: number, rules: PinRules, ceiling: Version | undefined): Course {
  const free = decide(before.free, reading, now, rules);
  if (ceiling === undefined || compareVersions(free.version, ceiling) <= 0) return { standing: free, free };
  return { standing: decide(before.standing, reading, now, { ...rules, cap: ceiling }), free };
}

/** What the pin would be but for the holds; undefined while they are not what keeps it. */
export function heldBackOf({ standing, free }: Course): Version | undefined {
  return compareVersions(free.version, standing.version) > 0 ? free.version : undefined;
}
