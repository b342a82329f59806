import type { Class } from 'lynchpin';
import { declaredIn, entriesOf, surfaceOf, type Entry, type Recorded, type Surface } from '#lynchpin/compat/index.js';

/** What classes say on the wire. */
export function surfaceFrom(...classes: readonly Class<object>[]): Surface {
  return surfaceOf(declaredIn(Object.fromEntries(classes.map((owner, at) => [`${owner.name}${at}`, owner]))));
}

/** Classes as they were recorded, everything in them released. */
export function releasedFrom(...classes: readonly Class<object>[]): Recorded {
  return recordedOf(entriesOf(surfaceFrom(...classes)).map((entry) => ({ ...entry, released: '1.0.0' })));
}

/** Entries as a recording. */
export function recordedOf(entries: readonly Entry[]): Recorded {
  return { origin: 'compat/', entries };
}

/** The recording without some versions of it: `Volume@1.2`. */
export function without({ entries }: Recorded, ...places: readonly string[]): Recorded {
  return recordedOf(entries.filter(({ facts }) => !places.includes(`${facts.name}@${facts.version}`)));
}
