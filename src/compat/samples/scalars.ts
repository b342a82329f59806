import { byteLength, FORMATS } from '../../objects/index.js';
import type { Chance } from './chance.js';
import { impossible } from './impossible.js';
import { copy, type Maker, type Place } from './maker.js';

/** One of a few values, the first of which is the simplest. */
export function choiceMaker(values: readonly (string | boolean)[], place: Place): Maker {
  if (values.length === 0) throw impossible(place, 'its enum has no values at this version');
  return {
    height: () => 0,
    fits: (value) => values.includes(value as string),
    least: () => values[0],
    edges: () => values,
    make: (chance) => chance.one(values),
    sample: () => values[0],
    smaller: (value) => values.slice(0, Math.max(0, values.indexOf(value as string))),
  };
}

/** Bytes in base64, with their number within bounds. */
export function bytesMaker({ minLength = 0, maxLength = Infinity }: { minLength?: number; maxLength?: number }, place: Place): Maker {
  if (minLength > maxLength) throw impossible(place, 'no number of bytes lies within its bounds');
  const most = Math.min(maxLength, Math.max(minLength, 2000));
  const text = (length: number, byte: (at: number) => number): string =>
    Buffer.from(Uint8Array.from({ length }, (_, at) => byte(at))).toString('base64');
  const fits = (value: unknown): boolean =>
    typeof value === 'string' && FORMATS.byte(value) && byteLength(value) >= minLength && byteLength(value) <= maxLength;
  const least = text(minLength, () => 0);
  const corners = [...new Set([least, text(Math.min(most, minLength + 1), () => 255), text(most, (at) => at % 256)])];
  return {
    height: () => 0,
    fits,
    least: () => least,
    edges: () => corners,
    make: (chance) =>
      chance.once(6) ? chance.one(corners) : text(minLength + chance.below(Math.min(most - minLength, 9) + 1), () => chance.below(256)),
    sample: (place) => text(Math.max(minLength, Math.min(most, place.field.length)), (at) => place.field.charCodeAt(at) || 0),
    smaller: function* (value) {
      if (value === least || typeof value !== 'string') return;
      yield least;
      for (let length = byteLength(value) >> 1; length > minLength; length >>= 1) yield text(length, () => 0);
    },
  };
}

const JSONS: readonly unknown[] = [null, {}, [], '', 0, -0, false, { a: null }, [[]], { constructor: 1 }, '😀', 2 ** 53 - 1];

/** Anything that JSON can say. */
export function jsonMaker(): Maker {
  return {
    height: () => 0,
    fits: (value) => value !== undefined,
    least: () => null,
    edges: () => copy(JSONS),
    make: (chance) => json(chance, 2),
    sample: (place) => ({ [place.field]: 'anything' }),
    smaller: smallerJson,
  };
}

function json(chance: Chance, depth: number): unknown {
  const kind = chance.below(depth > 0 ? 7 : 5);
  if (kind === 0) return copy(chance.one(JSONS));
  if (kind === 1) return chance.below(100);
  if (kind === 2) return chance.one(['', 'a', 'b c', 'é', '😀', 'null']);
  if (kind === 3) return chance.once(2);
  if (kind === 4) return null;
  if (kind === 5) return Array.from({ length: chance.below(3) }, () => json(chance, depth - 1));
  return Object.fromEntries(
    Array.from({ length: chance.below(3) }, () => [
      chance.one(['a', 'b', 'name', '😀', '$object', 'constructor']),
      json(chance, depth - 1),
    ]),
  );
}

function* smallerJson(value: unknown): Iterable<unknown> {
  if (value === null) return;
  yield null;
  if (typeof value !== 'object') return;
  if (Array.isArray(value)) {
    yield* value;
    if (value.length > 0) yield [];
    for (const at of value.keys()) yield value.filter((_, other) => other !== at);
  } else {
    yield* Object.values(value);
    if (Object.keys(value).length > 0) yield {};
    for (const key of Object.keys(value)) yield Object.fromEntries(Object.entries(value).filter(([other]) => other !== key));
  }
}
