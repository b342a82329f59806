import type { Version } from '../../versions/index.js';
import type { Class } from './class.js';

declare const VALUE: unique symbol;

/**
 * What a field may hold, as a value: no compiler metadata is needed. Make one with `t`. `V` is the type of the property
 * that it describes; it takes part in type checks only.
 */
export interface FieldType<V> {
  /** Which of `t` made it. */
  readonly kind: TypeKind;
  /** Carries the type; nothing is ever there. @hidden */
  readonly [VALUE]?: (value: V) => V;
}

/** A field type whose value type does not matter here. */
export interface AnyFieldType {
  /** Which of `t` made it. */
  readonly kind: TypeKind;
  /** Carries the type; nothing is ever there. @hidden */
  readonly [VALUE]?: (value: never) => unknown;
}

/** The type of the values that a field type describes. */
export type ValueOf<F> = F extends FieldType<infer Value> ? Value : never;

/** JSON Schema's constraints on text, by their own names. Lengths count Unicode code points. */
export interface StringConstraints {
  readonly minLength?: number;
  readonly maxLength?: number;
  /** A regular expression (with the `u` flag), not anchored unless it says so. */
  readonly pattern?: string;
  /** A format that is checked: `uuid`, `date-time`, `date`, `email`, `uri`, `hostname`, `ipv4` or `ipv6`. */
  readonly format?: StringFormat;
}

/** The formats of text that Lynchpin checks. */
export type StringFormat = 'uuid' | 'date-time' | 'date' | 'email' | 'uri' | 'hostname' | 'ipv4' | 'ipv6';

/** JSON Schema's constraints on numbers, by their own names. */
export interface NumberConstraints {
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly multipleOf?: number;
}

/** Bounds of a bigint, both inclusive. */
export interface BigintConstraints {
  readonly minimum?: bigint;
  readonly maximum?: bigint;
}

/** Bounds on the number of bytes, before base64. */
export interface BytesConstraints {
  readonly minLength?: number;
  readonly maxLength?: number;
}

/** JSON Schema's constraints on lists. Items are compared in their wire form. */
export interface ListConstraints {
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;
}

/** JSON Schema's constraints on the number of entries of a map. */
export interface MapConstraints {
  readonly minProperties?: number;
  readonly maxProperties?: number;
}

/**
 * Values that came later, by the version that brought them (on the line of the object or API that owns the field): with
 * the value that older readers get instead, `{ '1.3': { restoring: 'creating' } }`, or, where nothing older says the
 * same, only their names, `{ '1.3': ['restoring'] }`: sending one to an older reader is then `PINNED`.
 */
export type AddedValues<E extends string> = Readonly<Partial<Record<Version, readonly E[] | Readonly<Partial<Record<E, E>>>>>>;

/** Variants of a union that came later, by the version that brought them. Sending one to an older reader is `PINNED`. */
export type AddedVariants<K extends string> = Readonly<Partial<Record<Version, readonly K[]>>>;

/** Field types as the rest of the room sees them: frozen plain data, told apart by `kind`. */
export type TypeNode =
  | ({ readonly kind: 'string' } & StringConstraints)
  | ({ readonly kind: 'integer' | 'number' } & NumberConstraints)
  | ({ readonly kind: 'bigint' } & BigintConstraints)
  | ({ readonly kind: 'bytes' } & BytesConstraints)
  | { readonly kind: 'boolean' | 'uuid' | 'datetime' | 'json' }
  | EnumNode
  | ({ readonly kind: 'list'; readonly item: TypeNode } & ListConstraints)
  | ({ readonly kind: 'map'; readonly value: TypeNode } & MapConstraints)
  | { readonly kind: 'nullable'; readonly inner: TypeNode }
  | ObjectNode
  | UnionNode
  | { readonly kind: 'either'; readonly options: readonly TypeNode[] };

export interface EnumNode {
  readonly kind: 'enum';
  readonly values: readonly string[];
  readonly added: readonly AddedValue[];
}

/** One enum value that came later. */
export interface AddedValue {
  readonly since: Version;
  readonly value: string;
  /** What older readers get instead; undefined when nothing says the same. */
  readonly fallback: string | undefined;
}

export interface ObjectNode {
  readonly kind: 'object';
  readonly of: () => Class;
}

export interface UnionNode {
  readonly kind: 'union';
  readonly tag: string;
  readonly variants: readonly { readonly name: string; readonly of: () => Class; readonly since: Version | undefined }[];
}

/** The kinds of field type there are. */
export type TypeKind =
  | 'string'
  | 'integer'
  | 'number'
  | 'bigint'
  | 'boolean'
  | 'uuid'
  | 'datetime'
  | 'bytes'
  | 'json'
  | 'enum'
  | 'list'
  | 'map'
  | 'nullable'
  | 'object'
  | 'union'
  | 'either';

/** The record behind a field type that `t` made. */
export function nodeOf(type: AnyFieldType): TypeNode {
  return type as unknown as TypeNode;
}

/** Whether the value is a field type (and not a class). */
export function isFieldType(value: unknown): value is AnyFieldType {
  return typeof value === 'object' && value !== null && typeof (value as { kind?: unknown }).kind === 'string';
}
