import { arbitraryOf, sampleOf, type Arbitraries, type Arbitrary } from '../compat/index.js';
import type { Class, Json } from '../objects/index.js';
import type { Version } from '../versions/index.js';
import { conversionOf } from './conversion.js';

/** An object of plain JSON, as it travels. Change what you like: it is made anew for each who asks. */
export type WireObject = { [field: string]: Json };

/** Values of a class on the wire, as a fast-check arbitrary. */
export type WireArbitrary = Arbitrary<WireObject>;

/** Options of {@link sample} and {@link arbitrary}. */
export interface ValueOptions {
  /** The contract that says at which versions nested objects are. Default: their newest. A message needs it. */
  readonly api?: Class<object>;
  /**
   * Values of single fields, by `Class.field`: fast-check arbitraries of the plain form, for fields whose pattern or meaning
   * nobody can guess. Default: all values are made up from the types.
   */
  readonly arbitraries?: Arbitraries;
}

/**
 * A valid object of a class for tests to start from: every field is set, and each value follows from the field's name and
 * type, so that a field that is added later changes none of the others. It is the same in every run.
 * @param version the version whose plain form it has. Default: the newest.
 * @example `{ ...sample(Volume, '1.1'), host: null }`
 * @throws LynchpinError `DECLARATION` for a version that does not exist, or a field of which no values can be made up.
 */
export function sample(owner: Class<object>, version?: Version, options: ValueOptions = {}): WireObject {
  return sampleOf(inputOf(owner, version, options)) as WireObject;
}

/**
 * All valid objects of a class, as a fast-check arbitrary: `fc.assert(fc.property(arbitrary(Volume), (volume) => ...))`. Its
 * values keep to the constraints of the types and shrink towards what is absent, null, empty and short.
 * @param version the version whose plain form they have. Default: the newest.
 * @throws LynchpinError `DECLARATION` for a version that does not exist, or a field of which no values can be made up.
 */
export function arbitrary(owner: Class<object>, version?: Version, options: ValueOptions = {}): WireArbitrary {
  return arbitraryOf(inputOf(owner, version, options)) as WireArbitrary;
}

function inputOf(owner: Class<object>, version: Version | undefined, { api, arbitraries }: ValueOptions): Parameters<typeof sampleOf>[0] {
  const { record, line, shapes } = conversionOf(owner, { api });
  return { name: record.name, shapes: shapes(version ?? line.head), ...(arbitraries === undefined ? {} : { arbitraries }) };
}
