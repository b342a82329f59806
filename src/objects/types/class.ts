import type { AnyFieldType, FieldType } from './field-type.js';

/** Any class whose instances are of type `T`. */
export type Class<T = unknown> = abstract new (...args: never[]) => T;

/** What an instance of the class `C` is. */
export type InstanceOf<C> = C extends { readonly prototype: infer Instance } ? Instance : never;

/** What a method takes or returns: a declared class, or a field type such as `t.list(t.object(() => Volume))`. */
export type Shape<T = unknown> = Class<T> | (unknown extends T ? AnyFieldType : FieldType<T>);

/** The TypeScript type of the values that a shape describes; `void` where there is no shape. */
export type ShapeValue<S> = S extends Class<infer Instance> ? Instance : S extends FieldType<infer Value> ? Value : void;
