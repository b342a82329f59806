import type { Maker } from '../samples/maker.js';

/** How many values are tried on the way to the simplest one. */
const TRIES = 400;

/** The simplest value near a given one of which something still holds. */
export function simplest(maker: Maker, value: unknown, holds: (value: unknown) => boolean): unknown {
  let best = value;
  let tried = 0;
  for (let found = true; found && tried < TRIES; ) {
    found = false;
    for (const candidate of maker.smaller(best)) {
      if (++tried > TRIES) break;
      if (!holds(candidate)) continue;
      best = candidate;
      found = true;
      break;
    }
  }
  return best;
}
