import type { TypeFacts } from '../facts/facts.js';
import type { Chance } from './chance.js';
import { seedOf } from './chance.js';
import { placeText, type Maker, type Place } from './maker.js';
import { impossible } from './impossible.js';

type NumberFacts = Extract<TypeFacts, { kind: 'integer' | 'number' }>;
type BigintFacts = Extract<TypeFacts, { kind: 'bigint' }>;

const none = (): number => 0;

/** Numbers within their bounds, of a step where one is asked for. `numbers` are some that are worth trying. */
export function numberMaker(type: NumberFacts, place: Place, numbers: readonly number[] = []): Maker {
  const whole = type.kind === 'integer';
  const bounds = whole ? wholeBounds(type) : { low: lowOf(type) ?? -Number.MAX_VALUE, high: highOf(type) ?? Number.MAX_VALUE };
  const fits = (value: unknown): value is number =>
    typeof value === 'number' &&
    Number.isFinite(value) &&
    (!whole || Number.isSafeInteger(value)) &&
    value >= (type.minimum ?? -Infinity) &&
    value <= (type.maximum ?? Infinity) &&
    value > (type.exclusiveMinimum ?? -Infinity) &&
    value < (type.exclusiveMaximum ?? Infinity) &&
    (type.multipleOf === undefined || Number.isInteger(value / type.multipleOf));
  const onStep = (value: number): number[] => {
    const step = type.multipleOf;
    if (step === undefined) return [whole ? Math.round(value) : value];
    return [Math.floor(value / step) * step, Math.ceil(value / step) * step];
  };
  const near = (value: number): number[] => onStep(value).filter(fits);
  const nudge = whole ? 1 : Math.max(Math.abs(bounds.low), Math.abs(bounds.high)) < 1 ? 1e-9 : 1e-6;
  const ends = [bounds.low, bounds.low + nudge, bounds.high, bounds.high - nudge];
  const fractions = whole ? [] : [0.5, -0.1, 1.1, 1e21, 5e-324, Number.MAX_VALUE];
  const corners = distinct(
    [0, ...ends, -0, 1, -1, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, ...fractions].flatMap((value) => near(value)),
  );
  if (corners.length === 0) throw impossible(place, 'no number lies within its bounds');
  const favourites = [...corners, ...distinct(numbers.flatMap((value) => [value - nudge, value, value + nudge]).flatMap(near))];
  const least = corners.reduce((best, value) => (Math.abs(value) < Math.abs(best) ? value : best));
  const random = (chance: Chance): number => {
    const reach = chance.one([20, 1000, 2 ** 31, 2 ** 53]);
    const low = Math.max(bounds.low, least - reach);
    const high = Math.min(bounds.high, least + reach);
    const value = low + chance.fraction() * (high - low);
    return whole ? Math.floor(value) : chance.once(2) ? Math.round(value * 100) / 100 : value;
  };
  return {
    height: none,
    fits,
    least: () => least,
    edges: () => corners,
    make: (chance) => (chance.once(6) ? chance.one(favourites) : (near(random(chance))[0] ?? chance.one(corners))),
    sample: (at) => {
      const wanted = Math.max(bounds.low, Math.min(bounds.high, 1 + (seedOf(placeText(at)) % 97)));
      return near(wanted)[0] ?? least;
    },
    smaller: function* (value) {
      if (!fits(value) || Object.is(value, least)) return;
      yield least;
      if (!whole && !Number.isInteger(value)) yield* near(Math.trunc(value));
      for (let part = (value - least) / 2; Math.abs(part) > (whole ? 0.9 : Math.abs(value) * 1e-6); part /= 2) {
        for (const other of near(whole ? value - Math.trunc(part) : value - part)) if (other !== value) yield other;
      }
      if (whole) for (const other of near(value - Math.sign(value - least))) yield other;
    },
  };
}

function lowOf({ minimum, exclusiveMinimum }: NumberFacts): number | undefined {
  if (minimum === undefined || exclusiveMinimum === undefined) return minimum ?? exclusiveMinimum;
  return Math.max(minimum, exclusiveMinimum);
}

function highOf({ maximum, exclusiveMaximum }: NumberFacts): number | undefined {
  if (maximum === undefined || exclusiveMaximum === undefined) return maximum ?? exclusiveMaximum;
  return Math.min(maximum, exclusiveMaximum);
}

function wholeBounds(type: NumberFacts): { low: number; high: number } {
  const above = type.exclusiveMinimum === undefined ? -Infinity : Math.floor(type.exclusiveMinimum) + 1;
  const below = type.exclusiveMaximum === undefined ? Infinity : Math.ceil(type.exclusiveMaximum) - 1;
  return {
    low: Math.max(Number.MIN_SAFE_INTEGER, Math.ceil(type.minimum ?? -Infinity), above),
    high: Math.min(Number.MAX_SAFE_INTEGER, Math.floor(type.maximum ?? Infinity), below),
  };
}

function distinct(values: readonly number[]): readonly number[] {
  return values.filter((value, at) => values.findIndex((other) => Object.is(other, value)) === at);
}

const BIGINT = /^(?:0|-?[1-9][0-9]{0,999})$/;

/** How far from zero big numbers are made where nothing limits them. */
const SPAN = 2n ** 80n;

/** Whole numbers of any size, as decimal text. */
export function bigintMaker(type: BigintFacts, place: Place): Maker {
  const [lowest, highest] = [type.minimum, type.maximum].map((bound) => (bound === undefined ? undefined : BigInt(bound)));
  // Where one side is open, there is room beside the other, however far out that is.
  const low = lowest ?? (highest !== undefined && highest < -SPAN ? highest - SPAN : -SPAN);
  const high = highest ?? (low > SPAN ? low + SPAN : SPAN);
  if (low > high) throw impossible(place, 'no number lies within its bounds');
  const isWithin = (value: bigint): boolean => value >= low && value <= high;
  const least = isWithin(0n) ? 0n : low > 0n ? low : high;
  const corners = [...new Set([least, low, high, 1n, -1n, 2n ** 53n, -(2n ** 63n), 2n ** 64n].filter(isWithin))];
  const fits = (value: unknown): value is string => {
    if (typeof value !== 'string' || !BIGINT.test(value)) return false;
    const number = BigInt(value);
    return (type.minimum === undefined || number >= low) && (type.maximum === undefined || number <= high);
  };
  return {
    height: none,
    fits,
    least: () => least.toString(),
    edges: () => corners.map(String),
    make: (chance) => {
      if (chance.once(6)) return chance.one(corners).toString();
      const width = BigInt(chance.one([20, 2 ** 31, 2 ** 53]));
      const value = least + BigInt(chance.below(2 ** 32)) * (width / 2n ** 32n + 1n) * (chance.once(2) ? 1n : -1n);
      return (isWithin(value) ? value : chance.one(corners)).toString();
    },
    sample: (at) => {
      const wanted = BigInt(1 + (seedOf(placeText(at)) % 97));
      return (isWithin(wanted) ? wanted : least).toString();
    },
    smaller: function* (value) {
      if (!fits(value)) return;
      const number = BigInt(value);
      if (number === least) return;
      yield least.toString();
      for (let part = (number - least) / 2n; part !== 0n; part /= 2n) yield (number - part).toString();
    },
  };
}
