import type {
  ApiEntry,
  ApiFacts,
  ConversionFacts,
  DirectionFacts,
  Facts,
  FieldFacts,
  LiveApi,
  LiveObject,
  MethodFacts,
  ObjectEntry,
  ObjectFacts,
  TypeFacts,
} from '#lynchpin/compat/index.js';
import { fingerprintOf } from '#lynchpin/compat/index.js';
import type { Version } from 'lynchpin';

/** Facts that are written down instead of declared: also those that no declaration can say. */

export const NO_CONVERSIONS: ConversionFacts = { steps: [], losses: [], renames: [], fallbacks: [] };

export const required = (type: TypeFacts): FieldFacts => ({ type, presence: 'required' });
export const optional = (type: TypeFacts): FieldFacts => ({ type, presence: 'optional' });
export const defaulted = (type: TypeFacts, value: FieldFacts['default']): FieldFacts => ({
  type,
  presence: 'defaulted',
  ...(value === undefined ? {} : { default: value }),
});
export const text: TypeFacts = { kind: 'string' };
export const whole: TypeFacts = { kind: 'integer' };
export const orNull = (inner: TypeFacts): TypeFacts => ({ kind: 'nullable', inner });
export const oneOf = (...values: readonly string[]): TypeFacts => ({ kind: 'enum', values });

export function order(version: Version, fields: ObjectFacts['fields']): ObjectFacts {
  return { kind: 'object', name: 'Order', version, fields };
}

export function orders(version: Version, parts: Partial<ApiFacts> = {}): ApiFacts {
  return { kind: 'api', name: 'orders', version, carries: {}, methods: {}, messages: {}, errors: [], ...parts };
}

export const method = (parts: Partial<MethodFacts> = {}): MethodFacts => ({ idempotent: false, ...parts });

/** An entry of facts, with a schema that says nothing. */
function entry<F extends Facts>(facts: F, direction: DirectionFacts = 'both', released?: string) {
  return { facts, schema: {}, fingerprint: fingerprintOf(facts, {}), direction, ...(released === undefined ? {} : { released }) };
}

/** An object as the code would have it at some versions, oldest first. */
export function liveOrder(
  versions: readonly ObjectFacts[],
  direction: DirectionFacts = 'both',
  conversions: Partial<ConversionFacts> = {},
): LiveObject {
  return {
    name: 'Order',
    className: 'Order',
    versions: versions.map(({ version }) => version),
    entries: new Map(versions.map((facts): [Version, ObjectEntry] => [facts.version, entry(facts, direction)])),
    conversions: { ...NO_CONVERSIONS, ...conversions },
  };
}

/** An API as the code would have it at some versions, oldest first. */
export function liveOrders(versions: readonly ApiFacts[], parts: Partial<LiveApi> = {}): LiveApi {
  return {
    name: 'orders',
    className: 'OrdersApi',
    versions: versions.map(({ version }) => version),
    entries: new Map(versions.map((facts): [Version, ApiEntry] => [facts.version, entry(facts)])),
    conversions: {},
    renames: [],
    answers: {},
    ended: {},
    ...parts,
  };
}
