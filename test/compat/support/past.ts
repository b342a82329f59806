import type { Class } from 'lynchpin';
import type { Entry, Recorded, Surface } from '#lynchpin/compat/index.js';
import { recordedFrom, surfaceOfAll } from './checked.js';

/** What classes say on the wire. */
export function surfaceFrom(...classes: readonly Class<object>[]): Surface {
  return surfaceOfAll(classes);
}

/** Classes as they were recorded, everything in them released. */
export function releasedFrom(...classes: readonly Class<object>[]): Recorded {
  return recordedFrom(classes);
}

/** Entries as a recording. */
export function recordedOf(entries: readonly Entry[]): Recorded {
  return { origin: 'compat/', entries };
}

/** The recording without some versions of it: `Volume@1.2`. */
export function without({ entries }: Recorded, ...places: readonly string[]): Recorded {
  return recordedOf(entries.filter(({ facts }) => !places.includes(`${facts.name}@${facts.version}`)));
}
