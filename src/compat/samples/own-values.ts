import { createRequire } from 'node:module';
import type * as FastCheck from 'fast-check';
import { LynchpinError } from '../../errors/index.js';
import { seedOf } from './chance.js';
import { impossible } from './impossible.js';
import { copy, placeText, type Maker, type Place } from './maker.js';

/** Values of single fields for those of which nobody else can make any: a fast-check arbitrary of WIRE values by `Class.field`. */
export type Arbitraries = Readonly<Record<string, FastCheck.Arbitrary<unknown>>>;

/** How many values are taken from an arbitrary that was brought along. */
const POOL = 200;

/** The values that were brought along, made once however many versions ask. */
export class OwnValues {
  readonly #arbitraries: Arbitraries;
  readonly #pools = new Map<string, readonly unknown[]>();

  constructor(arbitraries: Arbitraries) {
    this.#arbitraries = arbitraries;
  }

  /** The fields that values were brought for. */
  get names(): readonly string[] {
    return Object.keys(this.#arbitraries);
  }

  /**
   * What makes the values of a field; undefined where none were brought.
   * @param usual what would make them otherwise. It is used at versions at which the field had another type.
   */
  maker(place: Place, usual: () => Maker): Maker | undefined {
    const name = placeText(place);
    const arbitrary = Object.hasOwn(this.#arbitraries, name) ? this.#arbitraries[name] : undefined;
    if (arbitrary === undefined) return undefined;
    const base = attempt(usual);
    const pool = this.#pool(name, arbitrary).filter((value) => base === undefined || base.fits(value));
    const first = pool[0];
    if (first === undefined) {
      if (base !== undefined) return base;
      throw impossible(place, 'its own arbitrary gave no values');
    }
    const least = pool.reduce((best, value) => (size(value) < size(best) ? value : best), first);
    return {
      height: () => 0,
      fits: (value) => base?.fits(value) ?? true,
      least: () => copy(least),
      edges: () => copy([least, ...pool.slice(0, 4)]),
      make: (chance) => copy(chance.one(pool)),
      sample: (at) => copy(pool[seedOf(placeText(at)) % pool.length]),
      smaller: function* (value) {
        if (!arbitrary.canShrinkWithoutContext(value)) {
          if (size(least) < size(value)) yield copy(least);
          return;
        }
        for (const { value: other } of arbitrary.shrink(value, undefined)) if (base === undefined || base.fits(other)) yield other;
      },
    };
  }

  #pool(name: string, arbitrary: FastCheck.Arbitrary<unknown>): readonly unknown[] {
    let pool = this.#pools.get(name);
    if (pool === undefined) this.#pools.set(name, (pool = fastCheck().sample(arbitrary, { numRuns: POOL, seed: seedOf(name) | 0 })));
    return pool;
  }
}

const require = createRequire(import.meta.url);

/** Loaded with the first arbitrary, because most programs never need it. */
export function fastCheck(): typeof FastCheck {
  try {
    return require('fast-check') as typeof FastCheck;
  } catch (cause) {
    throw new LynchpinError('DECLARATION', 'arbitraries need the package fast-check: npm install --save-dev fast-check', {}, { cause });
  }
}

/** What cannot be made is the reason why some values were brought along. */
function attempt(usual: () => Maker): Maker | undefined {
  try {
    return usual();
  } catch (error) {
    if (error instanceof LynchpinError && error.code === 'DECLARATION') return undefined;
    throw error;
  }
}

function size(value: unknown): number {
  return JSON.stringify(value)?.length ?? 0;
}
