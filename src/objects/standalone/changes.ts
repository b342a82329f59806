import { isDeepStrictEqual } from 'node:util';
import { LynchpinError } from '../../errors/index.js';
import type { Version } from '../../versions/index.js';
import { currentFields } from '../codec/dehydrate.js';
import { receivedAs } from '../codec/received.js';
import type { Children } from '../plan/convert-object.js';
import { isPlain } from '../plan/convert-type.js';
import { isAlive, nameAt, typeAt } from '../records/line-check.js';
import type { PlainObject } from '../records/record.js';
import { didYouMean } from '../records/suggest.js';
import type { Json } from '../types/values.js';
import { shelfOf, tagger } from './serialize.js';
import { bounded, judge, tagOf, type Shelf } from './shelf.js';

/** What someone changed of an object that they had received, in the words of the version that they know. Plain JSON. */
export interface Changes {
  /** What it is and at which version: "Volume@1.1". */
  readonly object: string;
  /** The new values, by field name; objects in them carry their own tags. */
  readonly set: { readonly [field: string]: Json };
  /** The names of fields that were set and are not any more. */
  readonly unset: readonly string[];
}

const AS_THEY_ARE: Children = { across: () => undefined, before: () => undefined, after: () => undefined };

/**
 * Names what was changed of an object since it was received, at any depth: so that a process which knows less than its peers
 * can write back what it changed, and nothing that it never saw. What is received is kept with the instance until then; the
 * comparison itself is made here.
 * @throws LynchpinError `INVALID` when the object was not received (it was made here, so all of it is new), or no longer
 * fits its declaration.
 */
export function changesOf(object: object): Changes {
  const shelf = shelfOf(object);
  const { record, scope } = shelf;
  const received = receivedAs(object);
  if (received === undefined)
    throw new LynchpinError('INVALID', `this ${record.name} was not received, so nothing can be said of its changes`, {
      class: record.name,
    });
  return bounded(record, () => {
    const before = shelf.dehydrate(shelf.hydrate(received));
    const now = shelf.dehydrate(object);
    const version = scope.lineOf(record).head;
    judge(shelf.validateHead(now), record, version);
    const changed = currentFields(record)
      .map((field) => field.name)
      .filter((name) => !isDeepStrictEqual(before[name], now[name]));
    const set = changed.filter((name) => now[name] !== undefined);
    const tagged = tagger(shelf, record.class, scope.head)(Object.fromEntries(set.map((name) => [name, now[name]]))) as {
      [field: string]: Json;
    };
    return {
      object: tagOf(record, version),
      set: Object.fromEntries(set.map((name) => [name, tagged[name] as Json])),
      unset: changed.filter((name) => now[name] === undefined),
    };
  });
}

/**
 * Applies changes to an object, whatever version they were made at: the object is taken down to that version, changed there,
 * and taken up again; what differs because of the change, and only that, is written to the object.
 * @param target an instance of the same class, at the newest version as always. It is changed.
 * @returns the names of the fields that were written.
 * @throws LynchpinError `INVALID` when the changes, or the object with them, do not fit; `CONVERSION` when a function fails.
 */
export function applyChanges(target: object, changes: Changes): readonly string[] {
  const shelf = shelfOf(target);
  const { record, scope } = shelf;
  return bounded(record, () => {
    if (!isPlain(changes) || typeof changes.object !== 'string' || !isPlain(changes.set) || !Array.isArray(changes.unset))
      throw new LynchpinError('INVALID', `changes of a ${record.name} must have object, set and unset`, { class: record.name });
    const { head } = scope.lineOf(record);
    const version = shelf.versionOf(record, changes.object);
    judge(shelf.validateAt(record, version, true)(changes.set), record, version);
    const now = shelf.dehydrate(target);
    const there = shelf.once(`down ${version}`, () => shelf.convert(record, head, version, AS_THEY_ARE))(now);
    const back = shelf.once(`up ${version}`, () => shelf.convert(record, version, head, AS_THEY_ARE));
    const [without, withChanges] = [back(there), back(edited(shelf, version, there, changes))];
    const written = currentFields(record).filter(({ name }) => !isDeepStrictEqual(without[name], withChanges[name]));
    const result: PlainObject = { ...now };
    for (const { name } of written) result[name] = withChanges[name];
    judge(shelf.validateHead(Object.fromEntries(Object.entries(result).filter(([, value]) => value !== undefined))), record, head);
    for (const { name, type } of written) {
      const hydrate = shelf.hydrators.type(type, { class: record.name, field: name });
      const value = withChanges[name];
      (target as PlainObject)[name] = value === undefined || hydrate === undefined ? value : hydrate(value);
    }
    return written.map((field) => field.name);
  });
}

/** The plain object at a version with the changes made to it; what they hold in objects is lifted, as all else is. */
function edited(shelf: Shelf, version: Version, there: PlainObject, { set, unset }: Changes): PlainObject {
  const { record } = shelf;
  const line = shelf.scope.lineOf(record);
  const result: PlainObject = { ...there };
  const fields = record.fields.filter((field) => isAlive(field, version, line));
  const known = fields.map((field) => nameAt(field, version, line));
  const unknown = [...Object.keys(set), ...unset].find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new LynchpinError(
      'INVALID',
      `changes name the field ${unknown}, which ${record.name} ${version} does not have.${didYouMean(unknown, known)}`,
      { class: record.name, version, field: unknown },
    );
  for (const field of fields) {
    const name = nameAt(field, version, line);
    if (Object.hasOwn(set, name)) result[name] = shelf.liftType(typeAt(field, version, line), record, version)?.(set[name]) ?? set[name];
    else if (unset.includes(name)) delete result[name];
  }
  return result;
}
