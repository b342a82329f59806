import { drafts } from '../records/draft.js';
import { declare } from '../records/record-of.js';
import type { Class, InstanceOf } from '../types/class.js';
import type { AnyFieldType, FieldType, ValueOf } from '../types/field-type.js';
import type { Older, Wire } from '../types/values.js';
import { rejectUnknownOptions } from '../records/suggest.js';
import { MESSAGE_OPTIONS, OBJECT_OPTIONS, type MessageOptions, type ObjectOptions } from './decorators.js';
import type { FieldOptions, FieldProblem } from './field-options.js';
import type { LossOptions, StepOptions } from './step-options.js';

const PARTS = ['fields', 'backports', 'upgrades', 'losses'];

/** A field as `defineObject` takes it: what `@Field` takes, as a list, or the type alone. */
export type FieldDefinition = AnyFieldType | readonly [type: AnyFieldType, options?: FieldOptions<never>];

/** A backport as `defineObject` takes it. */
export interface BackportDefinition<T> extends StepOptions {
  /** What `@Backport` decorates: gets plain data, which it must not change, and gives plain data. */
  readonly run: (data: Wire<T>) => Partial<Wire<T>>;
}

/** An upgrade as `defineObject` takes it. */
export interface UpgradeDefinition<T> extends StepOptions {
  /** What `@Upgrade` decorates: gets plain data in which any field may be missing, and gives plain data. */
  readonly run: (data: Older<T>) => Partial<Wire<T>>;
}

/** What `@Field`, `@Backport`, `@Upgrade` and `@Lossy` say, without decorators. */
export interface Definition<T, F> {
  /** The fields by name: a type, or a list of what `@Field` takes. */
  readonly fields: F;
  /** Functions that take an object down a version. Default: none. */
  readonly backports?: readonly BackportDefinition<T>[];
  /** Functions that take an object up a version. Default: none. */
  readonly upgrades?: readonly UpgradeDefinition<T>[];
  /** What is lost on the way down, and why. Default: newer fields alone. */
  readonly losses?: readonly LossOptions[];
}

/** `F`, or for each field that does not match its property a type that spells the problem out. */
export type CheckedFields<T, F> = {
  readonly [K in keyof F]: F[K] extends FieldType<infer V>
    ? Checked<T, K, V, {}, F[K]>
    : F[K] extends readonly [infer Y extends AnyFieldType, infer O]
      ? Checked<T, K, ValueOf<Y>, O, F[K]>
      : F[K] extends readonly [infer Y extends AnyFieldType]
        ? Checked<T, K, ValueOf<Y>, {}, F[K]>
        : never;
};

type Checked<T, K, V, O, Given> =
  FieldProblem<T, K, V, O> extends infer P ? ([P] extends [never] ? Given : { readonly problem: P }) : never;

/**
 * Declares a versioned object without decorators; the same as {@link VersionedObject} and {@link Field} on the class.
 * @returns the class.
 * @throws LynchpinError `DECLARATION` when the declaration cannot work.
 */
export function defineObject<C extends Class<object>, const F extends Readonly<Record<string, unknown>>>(
  owner: C,
  definition: ObjectOptions & Definition<InstanceOf<C>, F & CheckedFields<InstanceOf<C>, F>>,
): C {
  const { version, floor, previous, name = owner.name } = definition;
  rejectUnknownOptions(definition, [...OBJECT_OPTIONS, ...PARTS], `defineObject of ${name}`, { class: name });
  record(owner, definition);
  declare(owner, drafts.for(owner), {
    kind: 'object',
    name,
    version,
    ...(floor === undefined ? {} : { floor }),
    ...(previous === undefined ? {} : { previous }),
  });
  return owner;
}

/**
 * Declares a message without decorators; the same as {@link Message} and {@link Field} on the class.
 * @returns the class.
 * @throws LynchpinError `DECLARATION` when the declaration cannot work.
 */
export function defineMessage<C extends Class<object>, const F extends Readonly<Record<string, unknown>>>(
  owner: C,
  definition: MessageOptions & Definition<InstanceOf<C>, F & CheckedFields<InstanceOf<C>, F>>,
): C {
  rejectUnknownOptions(definition, [...MESSAGE_OPTIONS, ...PARTS], `defineMessage of ${definition.name ?? owner.name}`, {
    class: definition.name ?? owner.name,
  });
  record(owner, definition);
  declare(owner, drafts.for(owner), { kind: 'message', name: definition.name ?? owner.name });
  return owner;
}

function record<T>(owner: Class, definition: Definition<T, object>): void {
  const draft = drafts.for(owner);
  for (const [name, given] of Object.entries(definition.fields)) {
    const [type, options = {}] = (Array.isArray(given) ? given : [given]) as [AnyFieldType, FieldOptions<unknown>?];
    draft.fields.push({ name, type, options });
  }
  for (const [direction, steps] of [
    ['down', definition.backports],
    ['up', definition.upgrades],
  ] as const) {
    for (const step of steps ?? [])
      draft.steps.push({ direction, from: step.from, to: step.to, name: step.run.name, run: step.run as (data: never) => object });
  }
  draft.losses.push(...(definition.losses ?? []));
}
