import { Chance } from '../samples/chance.js';

/** A world in which time stands still and chance draws the same every time. */
export interface Moment {
  readonly now: number;
  /** Chance gives numbers from here up to half a unit more. */
  readonly low: number;
}

/** Two worlds that have nothing in common: what is the same in both depends on neither. The one draws low and the other high. */
export const MOMENTS: readonly [Moment, Moment] = [
  { now: Date.UTC(2001, 1, 3, 4, 5, 6, 7), low: 0 },
  { now: Date.UTC(2033, 10, 12, 13, 14, 15, 16), low: 0.5 },
];

/** Runs some synchronous work at a moment. Afterwards the clocks go on, also when the work throws. */
export function during<T>({ now, low }: Moment, work: () => T): T {
  const real = { Date: globalThis.Date, random: Math.random, now: Object.getOwnPropertyDescriptor(performance, 'now') };
  const chance = new Chance(1);
  globalThis.Date = stopped(real.Date, now);
  Math.random = () => low + chance.fraction() / 2;
  performance.now = () => now % 1e6;
  try {
    return work();
  } finally {
    globalThis.Date = real.Date;
    Math.random = real.random;
    // It comes from the prototype, unless somebody else has replaced it.
    if (real.now === undefined) Reflect.deleteProperty(performance, 'now');
    else Object.defineProperty(performance, 'now', real.now);
  }
}

function stopped(RealDate: DateConstructor, now: number): DateConstructor {
  return new Proxy(RealDate, {
    construct: (target, parameters: unknown[], newTarget) =>
      Reflect.construct(target, parameters.length === 0 ? [now] : parameters, newTarget) as Date,
    apply: () => new RealDate(now).toString(),
    get: (target, property) => (property === 'now' ? () => now : (Reflect.get(target, property) as unknown)),
  });
}
