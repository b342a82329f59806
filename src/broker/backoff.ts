/**
 * The pause before an attempt, in ms: it doubles from `first` to `most`, and between half of it and all of it is drawn,
 * so that a fleet that lost its broker at one moment does not come back at one moment.
 * @param attempt counts from 0.
 * @param random between 0 and 1; default `Math.random()`.
 */
export function pauseBefore(attempt: number, limits: { readonly first: number; readonly most: number }, random = Math.random()): number {
  const full = Math.min(limits.most, limits.first * 2 ** Math.min(attempt, 30));
  return Math.ceil(full / 2 + (full / 2) * random);
}

/** The pauses between attempts to connect when nothing else is asked for, in ms. */
export const BACKOFF = Object.freeze({ first: 50, most: 5_000 });
