import type { Json } from '../../objects/index.js';
import type { Version } from '../../versions/index.js';
import type { FieldFacts, MessageFacts, MethodFacts, Presence, TypeFacts } from '../facts/facts.js';

/** Where in some facts a change is. */
export interface ChangePlace {
  /** `fields.tags.item`, `methods.cancel.returns`, `messages.Create.fields.note`, `carries.Volume`. */
  readonly path: string;
  /** The message, when the change is in one. */
  readonly message?: string;
  /** The field, by its name on the wire. */
  readonly field?: string;
  /** The method, by its name on the wire. */
  readonly method?: string;
}

/** Whether a field is always there, and what stands for it where it is not. */
export interface PresenceFacts {
  readonly presence: Presence;
  readonly default?: Json;
  readonly made?: true;
}

/** The keywords that limit a type and can be compared: JSON Schema's names. */
export type Keyword =
  | 'minLength'
  | 'maxLength'
  | 'pattern'
  | 'format'
  | 'minimum'
  | 'maximum'
  | 'exclusiveMinimum'
  | 'exclusiveMaximum'
  | 'multipleOf'
  | 'minItems'
  | 'maxItems'
  | 'uniqueItems'
  | 'minProperties'
  | 'maxProperties';

type Limit = Json | undefined;

/** What can happen to the facts of an object or API, each with what was there before and what is there after. */
export type ChangeKind =
  | { readonly kind: 'field-added'; readonly before: undefined; readonly after: FieldFacts }
  | { readonly kind: 'field-removed'; readonly before: FieldFacts; readonly after: undefined }
  | { readonly kind: 'presence-changed'; readonly before: PresenceFacts; readonly after: PresenceFacts }
  | { readonly kind: 'default-changed'; readonly before: PresenceFacts; readonly after: PresenceFacts }
  /** It could not be null and now can: another thing than a field that may be missing. */
  | { readonly kind: 'null-allowed'; readonly before: TypeFacts; readonly after: TypeFacts }
  | { readonly kind: 'null-forbidden'; readonly before: TypeFacts; readonly after: TypeFacts }
  /** Another kind of type; what both may hold is for the rules to say. */
  | { readonly kind: 'type-changed'; readonly before: TypeFacts; readonly after: TypeFacts }
  /** A limit allows less, or more; replaced is a format or divisor of which neither implies the other. */
  | {
      readonly kind: 'constraint-tightened' | 'constraint-loosened' | 'constraint-replaced';
      readonly keyword: Keyword;
      readonly before: Limit;
      readonly after: Limit;
    }
  | { readonly kind: 'pattern-changed'; readonly before: string; readonly after: string }
  | { readonly kind: 'values-added'; readonly before: undefined; readonly after: readonly string[] }
  | { readonly kind: 'values-removed'; readonly before: readonly string[]; readonly after: undefined }
  | { readonly kind: 'values-reordered'; readonly before: readonly string[]; readonly after: readonly string[] }
  /** A reference to an object or message names another one. */
  | { readonly kind: 'object-changed'; readonly before: string; readonly after: string }
  | { readonly kind: 'tag-changed'; readonly before: string; readonly after: string }
  | { readonly kind: 'variant-added'; readonly variant: string; readonly before: undefined; readonly after: string }
  | { readonly kind: 'variant-removed'; readonly variant: string; readonly before: string; readonly after: undefined }
  | { readonly kind: 'option-added'; readonly before: undefined; readonly after: TypeFacts }
  | { readonly kind: 'option-removed'; readonly before: TypeFacts; readonly after: undefined }
  | { readonly kind: 'options-reordered'; readonly before: readonly TypeFacts[]; readonly after: readonly TypeFacts[] }
  | { readonly kind: 'method-added'; readonly before: undefined; readonly after: MethodFacts }
  | { readonly kind: 'method-removed'; readonly before: MethodFacts; readonly after: undefined }
  /** The method takes another message, or begins or ceases to take one. */
  | { readonly kind: 'takes-changed'; readonly before: string | undefined; readonly after: string | undefined }
  /** The method answered nothing and now does: it can no longer be cast. */
  | { readonly kind: 'answer-began'; readonly before: undefined; readonly after: TypeFacts }
  | { readonly kind: 'answer-ended'; readonly before: TypeFacts; readonly after: undefined }
  | { readonly kind: 'idempotence-changed'; readonly before: boolean; readonly after: boolean }
  | { readonly kind: 'message-added'; readonly before: undefined; readonly after: MessageFacts }
  | { readonly kind: 'message-removed'; readonly before: MessageFacts; readonly after: undefined }
  | { readonly kind: 'carries-added'; readonly object: string; readonly before: undefined; readonly after: Version }
  | { readonly kind: 'carries-removed'; readonly object: string; readonly before: Version; readonly after: undefined }
  | { readonly kind: 'carries-changed'; readonly object: string; readonly before: Version; readonly after: Version }
  | { readonly kind: 'error-added'; readonly before: undefined; readonly after: string }
  | { readonly kind: 'error-removed'; readonly before: string; readonly after: undefined }
  /** An object has another name on the wire. */
  | { readonly kind: 'name-changed'; readonly before: string; readonly after: string }
  /** An API has another topic. */
  | { readonly kind: 'topic-changed'; readonly before: string; readonly after: string }
  /** The two differ in a way that nothing above describes. */
  | { readonly kind: 'unclassified'; readonly before: Json | undefined; readonly after: Json | undefined };

/** One difference between two facts. */
export type Change = ChangePlace & ChangeKind;
