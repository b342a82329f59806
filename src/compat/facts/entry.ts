import type { JsonSchema } from '../../objects/index.js';
import type { ApiFacts, DeprecationFacts, DirectionFacts, Facts, ObjectFacts } from './facts.js';

/**
 * Facts with what is kept beside them. One recorded file is one entry. The fingerprint covers the facts and the schema;
 * the rest may change after a release.
 */
export interface Entry<F extends Facts = Facts> {
  readonly facts: F;
  /**
   * An object's closed JSON Schema (draft 2020-12), in which `#/$defs/NAME` stands for the object NAME at the version that is
   * carried with it; an API's schemas are those of its messages and results, by `takes NAME` and `METHOD returns`.
   */
  readonly schema: JsonSchema;
  /** The number of the algorithm, a colon, and its digest: `1:5f0c...`. */
  readonly fingerprint: string;
  readonly direction: DirectionFacts;
  /** The release that froze it, such as `1.4.2`; undefined while it may still change. */
  readonly released?: string;
  /** One line for the changelog. */
  readonly description?: string;
  /** By path: `fields.note`, `methods.cancel`, `messages.Create.fields.note`. */
  readonly deprecated?: Readonly<Record<string, DeprecationFacts>>;
}

export type ObjectEntry = Entry<ObjectFacts>;
export type ApiEntry = Entry<ApiFacts>;
