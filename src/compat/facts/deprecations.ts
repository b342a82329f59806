import type { Deprecation, ObjectRecord, Snapshots } from '../../objects/index.js';
import { compareVersions, type Version } from '../../versions/index.js';
import type { DeprecationFacts } from './facts.js';

/** Something that is deprecated, by its path. */
export type DeprecatedPart = readonly [path: string, facts: DeprecationFacts];

/** The fields of a class that are deprecated at a version. Before the version that says so, nobody knew. */
export function deprecatedFields(snapshots: Snapshots, record: ObjectRecord, version: Version, within: string): readonly DeprecatedPart[] {
  return snapshots
    .fields(record, version)
    .flatMap((field) => deprecatedPart(`${within}fields.${field.name}`, field.record.deprecated, version));
}

/** The same for one thing: a list of one, or of none. */
export function deprecatedPart(path: string, deprecated: Deprecation | undefined, version: Version): readonly DeprecatedPart[] {
  return deprecated === undefined || compareVersions(deprecated.since, version) > 0 ? [] : [[path, { ...deprecated }]];
}

/** Without parts in which there is nothing. */
export function some<T extends Readonly<Record<string, object>>>(parts: T): Partial<T> {
  return Object.fromEntries(Object.entries(parts).filter(([, part]) => Object.keys(part).length > 0)) as Partial<T>;
}
