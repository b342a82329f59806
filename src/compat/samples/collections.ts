import type { TypeFacts } from '../facts/facts.js';
import { Chance, seedOf } from './chance.js';
import { impossible } from './impossible.js';
import { copy, placeText, type Maker, type Place } from './maker.js';

type ListFacts = Extract<TypeFacts, { kind: 'list' }>;
type MapFacts = Extract<TypeFacts, { kind: 'map' }>;

/** The largest collection that is made: beyond it the value itself would be the burden. */
const MOST = 50;
/** How many items a list gets whose length nobody limits: more than a function is likely to take from its beginning. */
const MANY = 11;
const KEYS = ['a', 'b', 'name', 'key', '', ' ', 'constructor', 'toString', '$object', '0', 'é', '😀', 'A'];

/** Null, or what there is inside. */
export function nullableMaker(inner: Maker): Maker {
  return {
    height: () => 0,
    fits: (value) => value === null || inner.fits(value),
    least: () => null,
    edges: (room) => [null, ...(inner.height() > room ? [] : inner.edges(room).filter((value) => value !== null))],
    make: (chance, room) => (inner.height() > room || chance.once(inner.height() > 0 ? 2 : 4) ? null : inner.make(chance, room)),
    sample: (place, room) => (inner.height() > room ? null : inner.sample(place, room)),
    smaller: function* (value) {
      if (value === null) return;
      yield null;
      yield* inner.smaller(value);
    },
  };
}

/** Lists, with items that differ from each other where they must. */
export function listMaker(type: ListFacts, item: Maker, place: Place): Maker {
  const { minItems = 0, maxItems = Infinity, uniqueItems = false } = type;
  if (minItems > maxItems) throw impossible(place, 'no number of items lies within its bounds');
  /** As many items as wanted, or as many as there are different ones. */
  const fill = (count: number, next: (at: number) => unknown): unknown[] => {
    if (!uniqueItems) return Array.from({ length: count }, (_, at) => next(at));
    const met = new Map<string, unknown>();
    for (let at = 0; met.size < count && at < count * 4 + 20; at++) {
      const value = next(at);
      const key = keyOf(value);
      if (!met.has(key)) met.set(key, value);
    }
    return [...met.values()];
  };
  const varied = (count: number, room: number): unknown[] => {
    const chance = new Chance(seedOf(placeText(place)));
    const edges = item.height() > room ? [item.least()] : item.edges(room);
    return fill(count, (at) => copy(uniqueItems || at < edges.length ? (edges[at] ?? item.make(chance, room)) : edges[at % edges.length]));
  };
  const fits = (value: unknown): value is unknown[] =>
    Array.isArray(value) &&
    value.length >= minItems &&
    value.length <= maxItems &&
    value.every((entry) => item.fits(entry)) &&
    (!uniqueItems || new Set(value.map(keyOf)).size === value.length);
  const least = (): unknown[] => {
    if (!uniqueItems) return Array.from({ length: minItems }, () => item.least());
    const items = varied(minItems, item.height());
    if (items.length < minItems) throw impossible(place, 'there are fewer different items than it must hold');
    return items;
  };
  return {
    height: () => (minItems > 0 ? item.height() : 0),
    fits,
    least,
    edges: (room) => {
      const lists = [least()];
      if (item.height() > room) return lists;
      const edges = item.edges(room);
      if (maxItems >= 1)
        for (const edge of edges.slice(0, 6)) lists.push(fill(Math.max(1, minItems), (at) => (at === 0 ? edge : varied(at + 1, room)[at])));
      // Every edge of an item is in one list, as long as they find room there.
      const many = Math.max(Math.min(edges.length, MOST), item.height() > 0 ? 0 : MANY);
      lists.push(varied(maxItems <= MOST ? maxItems : Math.max(minItems, many), room));
      return lists.filter(fits);
    },
    make: (chance, room) => {
      if (item.height() > room) return least();
      const count = minItems + chance.below(Math.min(maxItems - minItems, item.height() > 0 ? 2 : 3) + 1);
      const made = fill(chance.once(12) && maxItems <= MOST && item.height() === 0 ? maxItems : count, () => item.make(chance, room));
      return made.length < minItems ? least() : made;
    },
    sample: (at, room) => (item.height() > room || maxItems === 0 ? least() : sampled(at, room)),
    smaller: function* (value) {
      if (!Array.isArray(value)) return;
      if (value.length > minItems) {
        yield value.slice(0, minItems);
        for (let part = value.length >> 1; part > minItems; part >>= 1) yield value.slice(0, part);
        for (const at of value.keys()) yield value.filter((_, other) => other !== at);
      }
      for (const [at, entry] of value.entries())
        for (const other of item.smaller(entry)) {
          const next = value.with(at, other);
          if (!uniqueItems || fits(next)) yield next;
        }
    },
  };

  function sampled(at: Place, room: number): unknown[] {
    const first = item.sample(at, room);
    return minItems <= 1 ? [first] : fill(minItems, (index) => (index === 0 ? first : varied(index + 1, room)[index]));
  }
}

/** Maps, under keys of all sorts. */
export function mapMaker(type: MapFacts, value: Maker, place: Place): Maker {
  const { minProperties = 0, maxProperties = Infinity } = type;
  if (minProperties > maxProperties) throw impossible(place, 'no number of entries lies within its bounds');
  const filled = (keys: readonly string[], next: () => unknown): Record<string, unknown> =>
    Object.fromEntries(keys.map((key) => [key, next()]));
  const names = (count: number): string[] => Array.from({ length: count }, (_, at) => KEYS[at] ?? `key${at}`);
  const least = (): Record<string, unknown> => filled(names(minProperties), () => value.least());
  const fits = (map: unknown): map is Record<string, unknown> => {
    if (typeof map !== 'object' || map === null || Array.isArray(map)) return false;
    const keys = Object.keys(map);
    return (
      keys.length >= minProperties &&
      keys.length <= maxProperties &&
      keys.every((key) => key !== '__proto__' && value.fits((map as Record<string, unknown>)[key]))
    );
  };
  return {
    height: () => (minProperties > 0 ? value.height() : 0),
    fits,
    least,
    edges: (room) => {
      if (value.height() > room) return [least()];
      const edges = value.edges(room);
      const count = Math.max(1, minProperties);
      const some = maxProperties === 0 ? [] : edges.slice(0, 6).map((edge) => filled(names(count), () => copy(edge)));
      const strange = filled(KEYS.slice(4, Math.min(KEYS.length, 4 + maxProperties)), () => copy(edges[0]));
      const most = maxProperties <= MOST ? [filled(names(maxProperties), () => copy(edges[0]))] : [];
      return [least(), ...some, strange, ...most].filter(fits);
    },
    make: (chance, room) => {
      if (value.height() > room) return least();
      const map: Record<string, unknown> = {};
      const count = minProperties + chance.below(Math.min(maxProperties - minProperties, 3) + 1);
      for (let at = 0; at < count; at++) map[chance.once(4) ? `key${at}` : chance.one(KEYS)] = value.make(chance, room);
      return Object.keys(map).length < minProperties ? least() : map;
    },
    sample: (at, room) =>
      value.height() > room || maxProperties === 0
        ? least()
        : filled([at.field, ...names(minProperties)].slice(0, Math.max(1, minProperties)), () => value.sample(at, room)),
    smaller: function* (map) {
      if (!fits(map)) return;
      const keys = Object.keys(map);
      const pick = (some: readonly string[]): Record<string, unknown> => Object.fromEntries(some.map((key) => [key, map[key]]));
      if (keys.length > minProperties) {
        yield pick(keys.slice(0, minProperties));
        for (const gone of keys) yield pick(keys.filter((key) => key !== gone));
      }
      for (const key of keys) for (const other of value.smaller(map[key])) yield { ...map, [key]: other };
    },
  };
}

/** One text for all values that JSON Schema calls equal. */
function keyOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(Object.is(value, -0) ? 0 : value) ?? 'undefined';
  if (Array.isArray(value)) return `[${value.map(keyOf).join()}]`;
  const keys = Object.keys(value).sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${keyOf((value as Record<string, unknown>)[key])}`).join()}}`;
}
