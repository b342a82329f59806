declare const DEFAULTED: unique symbol;

interface Brand {
  readonly [DEFAULTED]?: never;
}

/**
 * The type of a field that has a default: whoever writes the object may leave the field out, whoever reads it finds a
 * plain `T`. `null` and `undefined` stay what they are, so `Default<string | null>` reads as `string | null`. For the compiler
 * to see that a `switch` over an enum covers every value, assign it to a variable of the plain type first.
 */
export type Default<T> = T extends null | undefined ? T : T & Brand;

/** Whether the property's type was written as `Default<...>`. */
export type IsDefault<P> = [NonNullable<P>] extends [never] ? false : typeof DEFAULTED extends keyof NonNullable<P> ? true : false;

/** The type inside `Default<...>`; any other type is itself. */
export type Undefault<P> = P extends null | undefined ? P : P extends infer Inner & Brand ? Inner : P;

/** Anything that JSON can say. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

type AnyFunction = (...args: never[]) => unknown;
type IsJson<T> = [T] extends [Json] ? ([Json] extends [T] ? true : false) : false;
type IsUnknown<T> = unknown extends T ? true : false;
type Flat<T> = { [K in keyof T]: T[K] };

/**
 * The plain JSON form of a class or value: what travels, and what backport and upgrade functions see. Dates, bigints and
 * bytes are strings, instances are plain objects without their methods.
 */
export type Wire<T> = IsUnknown<T> extends true ? T : IsJson<T> extends true ? T : WirePart<T>;

type WirePart<T> = T extends null | undefined
  ? T
  : T extends boolean
    ? T extends infer B & Brand
      ? B
      : T
    : T extends string | number
      ? Undefault<T>
      : T extends bigint | Date | Uint8Array
        ? string
        : T extends AnyFunction
          ? never
          : T extends readonly (infer Item)[]
            ? Wire<Item>[]
            : T extends object
              ? { [K in keyof T as T[K] extends AnyFunction ? never : K extends string ? K : never]: Wire<T[K]> }
              : never;

/**
 * What an upgrade function may find: the plain form in which every field may be missing, since older data may lack it.
 * Where a field had another type then, name it: `Older<Volume, { sizeGb: string }>`.
 */
export type Older<T, Changed extends object = {}> = Flat<Partial<Omit<Wire<T>, keyof Changed> & Changed>>;

/** What a caller writes: plain literals or instances. Fields with a default may be left out. */
export type Input<T> = IsUnknown<T> extends true ? T : IsJson<T> extends true ? T : InputPart<T>;

type InputPart<T> = T extends string | number | boolean | bigint | null | undefined | Date | Uint8Array
  ? Undefault<T>
  : T extends readonly (infer Item)[]
    ? readonly Input<Item>[]
    : T extends AnyFunction
      ? never
      : T extends object
        ? Flat<InputRequired<T> & InputDefaulted<T>>
        : never;

type InputRequired<T> = {
  [K in keyof T as T[K] extends AnyFunction ? never : K extends string ? (IsDefault<T[K]> extends true ? never : K) : never]: Input<T[K]>;
};
type InputDefaulted<T> = {
  [K in keyof T as T[K] extends AnyFunction ? never : K extends string ? (IsDefault<T[K]> extends true ? K : never) : never]?: Input<
    Undefault<T[K]>
  >;
};
