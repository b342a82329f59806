import type { Version } from '../../versions/index.js';
import type { Deprecation } from '../records/deprecation.js';
import type { AnyFieldType } from '../types/field-type.js';
import type { IsDefault } from '../types/values.js';

/** What a field was before a version: its older name, its older type, or both. */
export interface Was {
  /** The first version at which it is no longer so. */
  readonly until: Version;
  /** The name it had. Default: the name it has later. */
  readonly name?: string;
  /**
   * The type it had. Default: the type it has later. Where the two share no values, backport and upgrade functions convert: an upgrade takes
   * `Older<Volume, { sizeGb: string }>`, a backport writes the older value `as never`.
   */
  readonly type?: AnyFieldType;
}

/**
 * When a field exists and what happens where it does not. Versions count on the object's own line; in a message, on the
 * line of the API that uses it.
 */
export interface FieldOptions<V> {
  /** The first version with the field. Default: it was always there. */
  readonly since?: Version;
  /** The first version without it: what is set there is not sent. Default: it is still there. Declare the property with `?`. */
  readonly until?: Version;
  /** The value where none is given, or a function that makes it. Declare the property as `Default<...>`. */
  readonly default?: V | (() => V);
  /** Whether the field may be unset. Declare the property with `?`. */
  readonly optional?: true;
  /** A request that sets the field is sent to older readers without it, instead of being refused as `PINNED`. */
  readonly ignorable?: true;
  /** `'reject'`: setting the field is `PINNED` wherever it cannot be expressed, also inside objects and despite a backport. */
  readonly whenPinned?: 'reject';
  /** Earlier names and types, each with the version that ended it. */
  readonly was?: Was | readonly Was[];
  /** That the field is to be removed: since when, what to use instead, and in which version. */
  readonly deprecated?: Deprecation;
}

/** `Allowed`, unless there is a problem: then a type that nothing satisfies and that spells the problem out. */
export type Unless<Problem, Allowed> = [Problem] extends [never] ? Allowed : { readonly problem: Problem };

/** Why the property `K` of `T` cannot be a field of value type `V` with options `O`; never when it can. */
export type FieldProblem<T, K, V, O> = K extends keyof T
  ? PropertyProblem<T[K], IsOptional<T, K>, V, O>
  : 'only a public property can be a field';

type PropertyProblem<P, Optional, V, O> =
  Same<Optional extends true ? Exclude<P, undefined> : P, V> extends true
    ? PresenceProblem<P, Optional, O>
    : { readonly declared: P; readonly field: V };

type PresenceProblem<P, Optional, O> = O extends { readonly until: string }
  ? Optional extends true
    ? IsDefault<P> extends true
      ? 'a field with until is unset in new objects: declare it with `?` and without Default<...>'
      : never
    : 'a field with until is unset in new objects: declare it with `?`'
  : O extends { readonly default: unknown }
    ? Optional extends true
      ? 'a field with a default is always set: declare it as Default<...> with `!`, not with `?`'
      : IsDefault<P> extends true
        ? never
        : OnlyNull<P> extends true
          ? never
          : 'a field with a default is declared as Default<...>'
    : IsDefault<P> extends true
      ? 'declared as Default<...>, but the field has no default'
      : O extends { readonly optional: true }
        ? Optional extends true
          ? never
          : 'an optional field is declared with `?`'
        : Optional extends true
          ? 'declared with `?`, but the field is neither optional nor does it end'
          : never;

type IsOptional<T, K extends keyof T> = {} extends Pick<T, K> ? true : false;
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;
type OnlyNull<P> = [P] extends [null | undefined] ? true : false;
