import { LynchpinError } from '../../errors/index.js';
import { compareVersions, isVersion, type Line, type Version } from '../../versions/index.js';
import { didYouMean } from '../records/suggest.js';
import type { ObjectRecord } from '../records/record.js';

/** Which version of each object every version of an API carries, as its contract states it. */
export type Carries = Readonly<Record<string, Readonly<Record<string, Version>>>>;

/** The version of each object by its name, at one version of an API. Frozen. */
export type Manifest = Readonly<Record<string, Version>>;

/** The manifest of every version of an API, oldest first. */
export function manifestsOf(line: Line, carries: Carries, objects: readonly ObjectRecord[]): ReadonlyMap<Version, Manifest> {
  const manifests = new Map<Version, Manifest>();
  let current: Record<string, Version> = Object.fromEntries(objects.map((record) => [record.name, (record.line as Line).floor]));
  for (const version of line.versions) {
    current = { ...current, ...carries[version] };
    manifests.set(version, Object.freeze(current));
  }
  return manifests;
}

/**
 * Checks what a contract says about carrying.
 * @throws LynchpinError `DECLARATION` when it names a version or an object that is not there, goes backwards, or forgets an
 * object that has changed.
 */
export function checkCarries(of: string, line: Line, carries: Carries, objects: readonly ObjectRecord[]): void {
  const known = new Map(objects.map((record) => [record.name, record]));
  const last = new Map<string, { readonly version: Version; readonly at: Version }>();
  const versions = Object.keys(carries);
  for (const version of versions)
    if (!line.has(version))
      throw new LynchpinError('DECLARATION', `carries of ${of} names version ${version}, but the versions of ${of} are ${line}`, {
        class: of,
        version,
      });
  for (const at of versions.filter(isVersion).sort(compareVersions)) {
    for (const [name, version] of Object.entries(carries[at] ?? {})) {
      const record = known.get(name);
      if (record === undefined)
        throw new LynchpinError(
          'DECLARATION',
          `carries of ${of} at ${at} names ${name}, which no method of ${of} reaches.${didYouMean(name, [...known.keys()])}`,
          { class: of, version: at, object: name },
        );
      const own = record.line as Line;
      if (!own.has(version))
        throw new LynchpinError(
          'DECLARATION',
          `carries of ${of} at ${at} says ${name} ${String(version)}, but the versions of ${name} are ${own}`,
          { class: of, version: at, object: name },
        );
      const before = last.get(name);
      if (before !== undefined && own.indexOf(version) < own.indexOf(before.version)) {
        throw new LynchpinError(
          'DECLARATION',
          `carries of ${of} goes backwards: ${name} ${before.version} at ${before.at}, but ${version} at ${at}`,
          { class: of, version: at, object: name, problem: 'carries-backwards' },
        );
      }
      last.set(name, { version, at });
    }
  }
  for (const record of objects) {
    const own = record.line as Line;
    if (own.versions.length > 1 && !last.has(record.name)) {
      throw new LynchpinError(
        'DECLARATION',
        `${of} never says which version of ${record.name} it carries, so it would send ${own.floor} for ever and lose what came later: write carries: { '${line.head}': { ${record.name}: '${own.head}' } }`,
        { class: of, version: line.head, object: record.name, problem: 'carries-nothing', head: own.head },
      );
    }
  }
}
