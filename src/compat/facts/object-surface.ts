import type { ObjectRecord, Snapshots } from '../../objects/index.js';
import type { Version } from '../../versions/index.js';
import { deprecatedFields, some } from './deprecations.js';
import { conversionFacts } from './conversions.js';
import { fingerprintOf } from './canonical.js';
import type { ObjectEntry } from './entry.js';
import type { DirectionFacts, ObjectFacts } from './facts.js';
import { fieldFacts } from './fields.js';
import type { LiveObject } from './surface.js';

/** A versioned object at every version of its line. */
export function objectSurface(record: ObjectRecord, snapshots: Snapshots, direction: DirectionFacts): LiveObject {
  const { versions } = snapshots.lineOf(record);
  return {
    name: record.name,
    className: record.class.name,
    versions,
    entries: new Map(versions.map((version) => [version, objectEntry(record, version, snapshots, direction)])),
    conversions: conversionFacts(record),
  };
}

/** What an object is at one version. */
export function objectFacts(record: ObjectRecord, version: Version, snapshots: Snapshots): ObjectFacts {
  return { kind: 'object', name: record.name, version, fields: fieldFacts(snapshots, record, version) };
}

function objectEntry(record: ObjectRecord, version: Version, snapshots: Snapshots, direction: DirectionFacts): ObjectEntry {
  const facts = objectFacts(record, version, snapshots);
  const schema = snapshots.schema(record, version);
  const deprecated = Object.fromEntries(deprecatedFields(snapshots, record, version, ''));
  return { facts, schema, fingerprint: fingerprintOf(facts, schema), direction, ...some({ deprecated }) };
}
