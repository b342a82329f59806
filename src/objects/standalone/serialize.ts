import { LynchpinError } from '../../errors/index.js';
import type { Version } from '../../versions/index.js';
import { describe } from '../codec/misfit.js';
import { convertType, type Convert } from '../plan/convert-type.js';
import type { Stage } from '../plan/stage.js';
import { isAlive, nameAt, typeAt } from '../records/line-check.js';
import { findRecord, recordOf } from '../records/record-of.js';
import type { ObjectRecord, PlainObject } from '../records/record.js';
import type { Class } from '../types/class.js';
import type { Json } from '../types/values.js';
import { bounded, judge, Shelf, TAG, tagOf } from './shelf.js';

/** A stand-alone object: plain JSON that says what it is and at which version, as does every object in it. */
export type Serialized = { readonly $object: string; readonly [field: string]: Json };

/** Options of {@link serialize}. */
export interface SerializeOptions {
  /** For readers that know less: older versions by object name, `{ Volume: '1.1' }`. Default: the newest of each. */
  readonly versions?: Readonly<Record<string, Version>>;
}

/**
 * Turns an instance of a versioned object into JSON that can be stored, cached or queued by hand: each object in it carries
 * its own name and version, so that it can be read without the contract that it came with.
 * @example `serialize(volume)` gives `{ "$object": "Volume@1.2", "id": ... }`.
 * @throws LynchpinError `INVALID` when the object does not fit its declaration, `DECLARATION` when its class is not a
 * versioned object or `versions` names a version that does not exist, `CONVERSION` when a backport fails.
 */
export function serialize(object: object, options: SerializeOptions = {}): Serialized {
  const shelf = shelfOf(object);
  const { record, scope } = shelf;
  return bounded(record, () => {
    const head = shelf.dehydrate(object);
    judge(shelf.validateHead(head), record, scope.lineOf(record).head);
    const stage = stageOf(shelf, options.versions ?? {});
    const converted = shelf.plans.object(record, scope.head, stage, 'move')?.(head) ?? head;
    return tagger(shelf, record.class, stage)(converted) as Serialized;
  });
}

/**
 * Reads a stand-alone object of any version in its window: it is validated against the schema of that version, upgraded,
 * and handed over as an instance. The same holds for every object in it.
 * @param owner the class that is expected.
 * @throws LynchpinError `INVALID` when the data is something else or of a version that this build does not read,
 * `CONVERSION` when an upgrade fails.
 */
export function deserialize<T extends object>(owner: Class<T>, data: unknown): T {
  const shelf = Shelf.of(owner);
  const { record, scope } = shelf;
  return bounded(record, () => {
    const head = shelf.lift(owner)(data) as PlainObject;
    const problem = shelf.validateHead(head);
    if (problem !== undefined)
      throw new LynchpinError(
        'CONVERSION',
        `${record.name}, upgraded to ${scope.lineOf(record).head},${problem.path === '' ? '' : ` at ${problem.path}`} ${problem.message}; correct the upgrade function that makes it`,
        { class: record.name, ...problem },
      );
    return shelf.hydrate(head) as T;
  });
}

/** The shelf of an instance's class. */
export function shelfOf(object: object): Shelf {
  const owner = typeof object === 'object' && object !== null ? (object.constructor as unknown as Class) : undefined;
  if (typeof owner !== 'function' || findRecord(owner) === undefined)
    throw new LynchpinError('DECLARATION', `expected an instance of a class declared with @VersionedObject, not ${describe(object)}`);
  return Shelf.of(owner);
}

/** Adds its tag to every object of a plain value. */
export function tagger(shelf: Shelf, owner: Class, stage: Stage): NonNullable<Convert> {
  const record = recordOf(owner, shelf.record.name);
  const version = stage.at(record);
  const line = shelf.scope.lineOf(record);
  return shelf.once(`tag ${record.name} ${stage.key}`, () => {
    let inner: readonly (readonly [string, NonNullable<Convert>])[] | undefined;
    // Compiled with the first object, because classes refer to each other in a circle.
    const parts = (): typeof inner & object =>
      (inner ??= record.fields
        .filter((field) => isAlive(field, version, line))
        .flatMap((field) => {
          const convert = convertType(typeAt(field, version, line), {
            span: { line, from: version, to: version },
            purpose: 'move',
            place: { class: record.name, field: field.name },
            child: (child) => (value) => tagger(shelf, child, stage)(value),
          });
          return convert === undefined ? [] : [[nameAt(field, version, line), convert] as const];
        }));
    return (value): PlainObject => {
      const tagged: PlainObject = { [TAG]: tagOf(record, version), ...(value as PlainObject) };
      for (const [name, convert] of parts()) if (tagged[name] !== undefined) tagged[name] = convert(tagged[name]);
      return tagged;
    };
  });
}

function stageOf(shelf: Shelf, versions: Readonly<Record<string, Version>>): Stage {
  const { head } = shelf.scope;
  const names = Object.keys(versions).sort();
  if (names.length === 0) return head;
  const known = new Map<string, ObjectRecord>(shelf.plans.reach(shelf.record).map((record) => [record.name, record]));
  for (const name of names) {
    const record = known.get(name);
    if (record === undefined) continue;
    const line = shelf.scope.lineOf(record);
    const version = versions[name];
    if (version === undefined || !line.has(version))
      throw new LynchpinError('DECLARATION', `${name} cannot be written at ${String(version)}: its versions are ${line}`, {
        class: name,
        version,
      });
  }
  return {
    key: names.map((name) => `${name}@${versions[name] as string}`).join(),
    api: undefined,
    at: (record) => versions[record.name] ?? head.at(record),
  };
}
