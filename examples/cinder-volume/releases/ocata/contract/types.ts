import { t } from 'lynchpin';
import type { Default, Json } from 'lynchpin';

/*
 * Nearly every column of Cinder's database may be null, and so may nearly every field of its objects. Cinder tells a
 * field that is null from one that was never set, but its own code reads both as None; here both are null: the field
 * types below come with `default: null`, so that a caller names only what it knows.
 */

/** Text, or null. */
export const text = t.nullable(t.string());
/** A UUID, or null. */
export const uuid = t.nullable(t.uuid());
/** A whole number, or null. */
export const whole = t.nullable(t.integer());
/** True, false, or null. */
export const flag = t.nullable(t.boolean());
/** A point in time, or null. */
export const moment = t.nullable(t.datetime());
/** Text by name, or null. */
export const strings = t.nullable(t.map(t.string()));
/** Any JSON by name: a dictionary that Cinder never gave a shape. */
export const anything = t.map(t.json());
/** Such a dictionary, or null. */
export const record = t.nullable(anything);

export type Text = Default<string | null>;
export type Whole = Default<number | null>;
export type Flag = Default<boolean | null>;
export type Moment = Default<Date | null>;
export type Strings = Default<Record<string, string> | null>;
/** A dictionary without a declared shape. */
export type Anything = Record<string, Json>;
export type AnyRecord = Default<Anything | null>;
