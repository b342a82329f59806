import type { TypeFacts } from '../facts/facts.js';
import type { Change, ChangeKind, ChangePlace, Keyword } from './change.js';
import { diffLimits } from './limits.js';
import { unknownKeys } from './leftover.js';
import { own, keysOfBoth, sameJson } from './same.js';

const KEYS: Readonly<Record<TypeFacts['kind'], readonly string[]>> = {
  string: ['minLength', 'maxLength', 'pattern', 'format'],
  integer: ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
  number: ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
  bigint: ['minimum', 'maximum'],
  bytes: ['minLength', 'maxLength'],
  boolean: [],
  uuid: [],
  datetime: [],
  json: [],
  enum: ['values'],
  list: ['item', 'minItems', 'maxItems', 'uniqueItems'],
  map: ['value', 'minProperties', 'maxProperties'],
  nullable: ['inner'],
  object: ['of'],
  union: ['tag', 'variants'],
  either: ['options'],
};
/** The keys that are compared part by part; the others of {@link KEYS} are limits. */
const PARTS = ['values', 'item', 'value', 'inner', 'of', 'tag', 'variants', 'options'];

/** How one type became another. */
export function diffType(before: TypeFacts, after: TypeFacts, place: ChangePlace): readonly Change[] {
  if (sameJson(before, after)) return [];
  if (!isKnown(before) || !isKnown(after)) return [{ ...place, kind: 'unclassified', before, after } as Change];
  // JSON of any form may be null already.
  if ((before.kind === 'json') !== (after.kind === 'json')) return [at(place, { kind: 'type-changed', before, after })];
  if (before.kind === 'nullable' && after.kind === 'nullable')
    return [...diffType(before.inner, after.inner, place), ...leftover(before, after, place)];
  if (before.kind === 'nullable') return [at(place, { kind: 'null-forbidden', before, after }), ...diffType(before.inner, after, place)];
  if (after.kind === 'nullable') return [at(place, { kind: 'null-allowed', before, after }), ...diffType(before, after.inner, place)];
  if (before.kind !== after.kind) return [at(place, { kind: 'type-changed', before, after })];
  return [...parts(before, after, place), ...limits(before, after, place), ...leftover(before, after, place)];
}

/** What differs beside what this differ knows. */
function leftover(before: TypeFacts, after: TypeFacts, place: ChangePlace): readonly Change[] {
  return unknownKeys(before, after, ['kind', ...KEYS[before.kind]], place);
}

function limits(before: TypeFacts, after: TypeFacts, place: ChangePlace): readonly Change[] {
  const keywords = KEYS[before.kind].filter((key) => !PARTS.includes(key)) as readonly Keyword[];
  return diffLimits(before, after, keywords, place);
}

function parts(before: TypeFacts, after: TypeFacts, place: ChangePlace): readonly Change[] {
  if (before.kind === 'enum' && after.kind === 'enum') return diffValues(before.values, after.values, place);
  if (before.kind === 'list' && after.kind === 'list') return diffType(before.item, after.item, inside(place, 'item'));
  if (before.kind === 'map' && after.kind === 'map') return diffType(before.value, after.value, inside(place, 'value'));
  if (before.kind === 'object' && after.kind === 'object')
    return before.of === after.of ? [] : [at(place, { kind: 'object-changed', before: before.of, after: after.of })];
  if (before.kind === 'union' && after.kind === 'union')
    return [
      ...(before.tag === after.tag ? [] : [at(place, { kind: 'tag-changed', before: before.tag, after: after.tag })]),
      ...diffVariants(before.variants, after.variants, place),
    ];
  if (before.kind === 'either' && after.kind === 'either') return diffOptions(before.options, after.options, place);
  return [];
}

function diffValues(before: readonly string[], after: readonly string[], place: ChangePlace): readonly Change[] {
  const added = after.filter((value) => !before.includes(value));
  const removed = before.filter((value) => !after.includes(value));
  if (added.length === 0 && removed.length === 0)
    return sameJson(before, after) ? [] : [at(place, { kind: 'values-reordered', before, after })];
  return [
    ...(removed.length === 0 ? [] : [at(place, { kind: 'values-removed', before: removed, after: undefined })]),
    ...(added.length === 0 ? [] : [at(place, { kind: 'values-added', before: undefined, after: added })]),
  ];
}

function diffVariants(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
  place: ChangePlace,
): readonly Change[] {
  return keysOfBoth(before, after).flatMap((variant): readonly Change[] => {
    const [was, is] = [own(before, variant), own(after, variant)];
    const here = inside(place, variant);
    if (was === undefined) return is === undefined ? [] : [at(here, { kind: 'variant-added', variant, before: undefined, after: is })];
    if (is === undefined) return [at(here, { kind: 'variant-removed', variant, before: was, after: undefined })];
    return was === is ? [] : [at(here, { kind: 'object-changed', before: was, after: is })];
  });
}

/** Options of one kind are compared with each other where there is one on each side; the others come and go as a whole. */
function diffOptions(before: readonly TypeFacts[], after: readonly TypeFacts[], place: ChangePlace): readonly Change[] {
  if (sameJson(before, after)) return [];
  const changes: Change[] = [];
  const gone = before.filter((option) => !after.some((other) => sameJson(option, other)));
  const come = after.filter((option) => !before.some((other) => sameJson(option, other)));
  for (const option of gone) {
    const twins = come.filter((other) => other.kind === option.kind);
    const alone = twins.length === 1 && gone.filter((other) => other.kind === option.kind).length === 1;
    const [twin] = twins;
    if (alone && twin !== undefined) {
      changes.push(...diffType(option, twin, inside(place, option.kind)));
      come.splice(come.indexOf(twin), 1);
    } else changes.push(at(place, { kind: 'option-removed', before: option, after: undefined }));
  }
  for (const option of come) changes.push(at(place, { kind: 'option-added', before: undefined, after: option }));
  return changes.length === 0 ? [at(place, { kind: 'options-reordered', before, after })] : changes;
}

function isKnown(type: TypeFacts): boolean {
  return Object.hasOwn(KEYS, type.kind);
}

function inside({ path, ...place }: ChangePlace, name: string): ChangePlace {
  return { ...place, path: `${path}.${name}` };
}

function at(place: ChangePlace, change: ChangeKind): Change {
  return { ...place, ...change };
}
