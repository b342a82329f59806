import type { FieldSnapshot, ObjectRecord, Snapshots } from '../../objects/index.js';
import type { Version } from '../../versions/index.js';
import type { FieldFacts, Presence } from './facts.js';
import { typeFacts } from './types.js';

/** The fields of a class at a version, by their names then. */
export function fieldFacts(snapshots: Snapshots, record: ObjectRecord, version: Version): Readonly<Record<string, FieldFacts>> {
  const at = { line: snapshots.lineOf(record), version };
  return Object.fromEntries(
    snapshots.fields(record, version).map((field) => [
      field.name,
      {
        type: typeFacts(field.type, at),
        presence: presenceOf(field),
        ...(field.default === undefined ? {} : { default: field.default }),
        ...(field.record.default?.made === true ? { made: true } : {}),
      },
    ]),
  );
}

function presenceOf({ record }: FieldSnapshot): Presence {
  if (record.default !== undefined) return 'defaulted';
  return record.optional ? 'optional' : 'required';
}
