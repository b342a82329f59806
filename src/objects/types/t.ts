import { LynchpinError } from '../../errors/index.js';
import { parseVersion, type Version } from '../../versions/index.js';
import type { Class } from './class.js';
import {
  nodeOf,
  type AddedValue,
  type AddedValues,
  type AddedVariants,
  type AnyFieldType,
  type BigintConstraints,
  type BytesConstraints,
  type FieldType,
  type ListConstraints,
  type MapConstraints,
  type NumberConstraints,
  type StringConstraints,
  type TypeNode,
  type UnionNode,
  type ValueOf,
} from './field-type.js';
import type { Json } from './values.js';

/** Classes of a tagged union, by the value of their tag. Each must have a field of the tag's name that holds that value. */
export type Variants<Tag extends string, M> = { readonly [K in keyof M]: () => Class<{ readonly [T in Tag]: K }> };

type VariantValue<M> = { [K in keyof M]: M[K] extends () => Class<infer Instance> ? Instance : never }[keyof M];

const PRIMITIVES = ['string', 'integer', 'number', 'boolean', 'uuid', 'enum'];

/** Makes field types: the first argument of `@Field`. */
export const t = {
  /**
   * Text. On the wire: a string.
   * @throws LynchpinError `DECLARATION` when the pattern is not a regular expression.
   */
  string: (constraints: StringConstraints = {}): FieldType<string> => make({ kind: 'string', ...withPattern(constraints) }),

  /** A whole number that a JavaScript number holds exactly: -(2^53 - 1) to 2^53 - 1. Larger ones: `t.bigint()`. */
  integer: (constraints: NumberConstraints = {}): FieldType<number> => make({ kind: 'integer', ...constraints }),

  /** A finite number. */
  number: (constraints: NumberConstraints = {}): FieldType<number> => make({ kind: 'number', ...constraints }),

  /** A whole number of up to 1,000 digits. On the wire: a string of decimal digits, with a sign when negative. */
  bigint: (constraints: BigintConstraints = {}): FieldType<bigint> => make({ kind: 'bigint', ...constraints }),

  /** True or false. */
  boolean: (): FieldType<boolean> => make({ kind: 'boolean' }),

  /** A UUID in its usual form of 36 characters, in either case. It stays text. */
  uuid: (): FieldType<string> => make({ kind: 'uuid' }),

  /**
   * An instant, as a `Date`. On the wire: RFC 3339 in UTC with milliseconds, `2026-08-01T12:00:00.000Z`, years 0000 to 9999.
   * It keeps what a JavaScript `Date` can hold, and no more: any RFC 3339 date and time is read, but digits finer than a
   * millisecond are cut off (not rounded) and the offset is not kept. Where microseconds matter, use `t.string({ format: 'date-time' })`,
   * which leaves the text as it is. Leap seconds (`:60`) are refused.
   */
  datetime: (): FieldType<Date> => make({ kind: 'datetime' }),

  /** Bytes, as a `Uint8Array` (a `Buffer` is one). On the wire: base64 with padding. Lengths count bytes. */
  bytes: (constraints: BytesConstraints = {}): FieldType<Uint8Array> => make({ kind: 'bytes', ...constraints }),

  /**
   * One of a list of strings. Values that came later say since when, and what older readers get instead:
   * `t.enum(['creating', 'available', 'restoring'], { added: { '1.5': { restoring: 'creating' } } })`.
   * @throws LynchpinError `DECLARATION` when a value is given twice, or `added` names a value that is not listed.
   */
  enum: <const E extends readonly [string, ...string[]]>(
    values: E,
    options: { readonly added?: AddedValues<E[number]> } = {},
  ): FieldType<E[number]> =>
    make({ kind: 'enum', values: Object.freeze([...distinct(values)]), added: addedValues(values, options.added ?? {}) }),

  /** A list of one type of item. */
  list: <V>(item: FieldType<V>, constraints: ListConstraints = {}): FieldType<V[]> =>
    make({ kind: 'list', item: nodeOf(item), ...constraints }),

  /** Any number of entries of one type under keys of the sender's choice. */
  map: <V>(value: FieldType<V>, constraints: MapConstraints = {}): FieldType<Record<string, V>> =>
    make({ kind: 'map', value: nodeOf(value), ...constraints }),

  /** The type, or null. */
  nullable: <V>(inner: FieldType<V>): FieldType<V | null> => make({ kind: 'nullable', inner: nodeOf(inner) }),

  /** An instance of a declared class. The class is given as a function, so that classes may refer to each other in a circle. */
  object: <T extends object>(of: () => Class<T>): FieldType<T> => make({ kind: 'object', of }),

  /**
   * One of several declared classes, told apart by a field that each of them has:
   * `t.union('kind', { card: () => Card, transfer: () => Transfer })`, where `Card` has `@Field(t.enum(['card'])) kind!: 'card'`.
   * Variants that came later say since when: `{ added: { '1.3': ['transfer'] } }`.
   */
  union: <Tag extends string, const M extends Variants<Tag, M>>(
    tag: Tag,
    variants: M,
    options: { readonly added?: AddedVariants<keyof M & string> } = {},
  ): FieldType<VariantValue<M>> => make({ kind: 'union', tag, variants: variantList(variants, options.added ?? {}) }),

  /** One of several primitive types: `t.either(t.string(), t.integer())`. */
  either: <const F extends readonly AnyFieldType[]>(...options: F): FieldType<ValueOf<F[number]>> =>
    make({ kind: 'either', options: primitives(options) }),

  /** Anything that JSON can say, unversioned: Lynchpin carries it as it is. Name a type of your own where you know more: `t.json<ImageMeta>()`. */
  json: <V = Json>(): FieldType<V> => make({ kind: 'json' }),
} as const;

function make<V>(node: TypeNode): FieldType<V> {
  return Object.freeze(node) as unknown as FieldType<V>;
}

function withPattern(constraints: StringConstraints): StringConstraints {
  try {
    if (constraints.pattern !== undefined) new RegExp(constraints.pattern, 'u');
  } catch (cause) {
    throw new LynchpinError(
      'DECLARATION',
      `the pattern ${JSON.stringify(constraints.pattern)} is not a regular expression: ${(cause as Error).message}`,
      {},
      { cause },
    );
  }
  return constraints;
}

function distinct(values: readonly string[]): readonly string[] {
  const twice = values.find((value, at) => values.indexOf(value) !== at);
  if (twice !== undefined) throw new LynchpinError('DECLARATION', `an enum lists the value ${JSON.stringify(twice)} twice`);
  return values;
}

function addedValues(values: readonly string[], added: AddedValues<string>): readonly AddedValue[] {
  const list: AddedValue[] = [];
  for (const [since, names] of Object.entries(added)) {
    parseVersion(since, 'a version under "added" of an enum');
    const pairs: readonly (readonly [string, string | undefined])[] = Array.isArray(names)
      ? names.map((value: string) => [value, undefined])
      : Object.entries(names ?? {});
    for (const [value, fallback] of pairs) {
      for (const name of [value, fallback]) {
        if (name !== undefined && !values.includes(name))
          throw new LynchpinError(
            'DECLARATION',
            `"added" of an enum names ${JSON.stringify(name)} at ${since}, which is not one of its values: ${values.join(', ')}`,
          );
      }
      if (list.some((entry) => entry.value === value))
        throw new LynchpinError('DECLARATION', `"added" of an enum names the value ${JSON.stringify(value)} twice`);
      list.push(Object.freeze({ since: since as Version, value, fallback }));
    }
  }
  return Object.freeze(list);
}

function variantList(variants: object, added: AddedVariants<string>): UnionNode['variants'] {
  const since = new Map<string, Version>();
  for (const [version, names] of Object.entries(added)) {
    parseVersion(version, 'a version under "added" of a union');
    for (const name of names ?? []) since.set(name, version as Version);
  }
  const unknown = [...since.keys()].find((name) => !Object.hasOwn(variants, name));
  if (unknown !== undefined)
    throw new LynchpinError(
      'DECLARATION',
      `"added" of a union names ${JSON.stringify(unknown)}, which is not one of its variants: ${Object.keys(variants).join(', ')}`,
    );
  return Object.freeze(
    Object.entries(variants).map(([name, of]) => Object.freeze({ name, of: of as () => Class, since: since.get(name) })),
  );
}

function primitives(options: readonly AnyFieldType[]): readonly TypeNode[] {
  const other = options.find((option) => !PRIMITIVES.includes(option.kind));
  if (other !== undefined)
    throw new LynchpinError(
      'DECLARATION',
      `t.either takes primitive types (${PRIMITIVES.join(', ')}), not ${other.kind}; for classes use t.union, for null t.nullable`,
    );
  if (options.length < 2) throw new LynchpinError('DECLARATION', 't.either takes at least two types');
  return Object.freeze(options.map(nodeOf));
}
