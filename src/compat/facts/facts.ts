import type { Json } from '../../objects/index.js';
import type { Version } from '../../versions/index.js';

/**
 * What a contract says on the wire, as plain JSON: no class, no function, nothing of a TypeScript source. One of these
 * stands for one version of one object or API; it is what is recorded, compared and hashed.
 */
export type Facts = ObjectFacts | ApiFacts;

/** One version of one versioned object. */
export interface ObjectFacts {
  readonly kind: 'object';
  /** The name on the wire. */
  readonly name: string;
  readonly version: Version;
  /** By the name that each field has on the wire at this version. */
  readonly fields: Readonly<Record<string, FieldFacts>>;
}

/** One version of one API. */
export interface ApiFacts {
  readonly kind: 'api';
  /** The topic: it names the exchange and the lanes. */
  readonly name: string;
  readonly version: Version;
  /** The version of every object that this version of the API reaches, by name. */
  readonly carries: Readonly<Record<string, Version>>;
  /** By the name that each method has on the wire at this version. */
  readonly methods: Readonly<Record<string, MethodFacts>>;
  /** The messages that the methods take, and what those hold, by name. */
  readonly messages: Readonly<Record<string, MessageFacts>>;
  /** The names of the errors that callers get, sorted. */
  readonly errors: readonly string[];
}

export interface MessageFacts {
  readonly fields: Readonly<Record<string, FieldFacts>>;
}

export interface MethodFacts {
  /** The name of the message that it takes; undefined when it takes nothing. */
  readonly takes?: string;
  /** What it answers; undefined when it answers nothing, and so may be cast and fanned out. */
  readonly returns?: TypeFacts;
  readonly idempotent: boolean;
}

export interface FieldFacts {
  readonly type: TypeFacts;
  /** `defaulted`: a writer always fills it in, and what lacks it is read as if it held the default. */
  readonly presence: Presence;
  /** The default in its plain form at this version; undefined where there is none, or a function makes it. */
  readonly default?: Json;
  /** Set when a function makes the default. */
  readonly made?: true;
}

export type Presence = 'required' | 'optional' | 'defaulted';

/** A field type at one version. Constraints have the names that JSON Schema gives them. */
export type TypeFacts =
  | {
      readonly kind: 'string';
      readonly minLength?: number;
      readonly maxLength?: number;
      readonly pattern?: string;
      readonly format?: string;
    }
  | {
      readonly kind: 'integer' | 'number';
      readonly minimum?: number;
      readonly maximum?: number;
      readonly exclusiveMinimum?: number;
      readonly exclusiveMaximum?: number;
      readonly multipleOf?: number;
    }
  | { readonly kind: 'bigint'; readonly minimum?: string; readonly maximum?: string }
  | { readonly kind: 'bytes'; readonly minLength?: number; readonly maxLength?: number }
  | { readonly kind: 'boolean' | 'uuid' | 'datetime' | 'json' }
  | { readonly kind: 'enum'; readonly values: readonly string[] }
  | {
      readonly kind: 'list';
      readonly item: TypeFacts;
      readonly minItems?: number;
      readonly maxItems?: number;
      readonly uniqueItems?: boolean;
    }
  | { readonly kind: 'map'; readonly value: TypeFacts; readonly minProperties?: number; readonly maxProperties?: number }
  | { readonly kind: 'nullable'; readonly inner: TypeFacts }
  | { readonly kind: 'object'; readonly of: string }
  | { readonly kind: 'union'; readonly tag: string; readonly variants: Readonly<Record<string, string>> }
  | { readonly kind: 'either'; readonly options: readonly TypeFacts[] };

/** Which way an object travels: `in` is what methods take, `out` what they return, `none` what no API reaches. */
export type DirectionFacts = 'in' | 'out' | 'both' | 'none';

/** What is to be removed: since when callers know, what to use instead, and the version that removes it. */
export interface DeprecationFacts {
  readonly since: Version;
  readonly use?: string;
  readonly removeIn?: Version;
}
