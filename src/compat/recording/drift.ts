import { isDeepStrictEqual } from 'node:util';
import { Snapshots, type ObjectRecord } from '../../objects/index.js';
import type { Contract } from '../../rpc/index.js';
import type { Version } from '../../versions/index.js';
import { diffFacts } from '../diff/diff.js';
import { diffLines } from '../diff/lines.js';
import { apiFacts } from '../facts/api-facts.js';
import type { Facts } from '../facts/facts.js';
import { objectFacts } from '../facts/object-surface.js';
import { recordedEntry } from '../facts/surface.js';
import type { ParsedRecording } from './parse.js';
import { entryAt } from './paths.js';

/** One released version that a contract no longer says as it was released. */
export interface Drift {
  readonly kind: Facts['kind'];
  readonly name: string;
  readonly version: Version;
  /** The release that froze it; undefined where its file cannot be read. */
  readonly released?: string;
  /** What differs, one line each, beginning with `+`, `-` or `~`. */
  readonly diff: readonly string[];
}

/**
 * Where a contract differs from what was released of the versions that it claims. What is not recorded, or not released yet,
 * says nothing; nor do the names of its errors, which have no versions.
 */
export function driftOf(contract: Contract, { recorded, files }: ParsedRecording): readonly Drift[] {
  const snapshots = new Snapshots(contract.record.name, contract.line);
  const drifts: Drift[] = [];
  const compare = (kind: Facts['kind'], name: string, version: Version, make: () => Facts): void => {
    const entry = recordedEntry(recorded, kind, name, version);
    if (entry?.released === undefined) return;
    const [then, now] = [withoutErrors(entry.facts), withoutErrors(make())];
    // Servers start more often than contracts drift, and this is the quicker comparison.
    if (isDeepStrictEqual(then, now)) return;
    // A method that became idempotent is what it was to every caller.
    const diff = diffLines(diffFacts(then, now).filter(({ kind, after }) => kind !== 'idempotence-changed' || after !== true));
    if (diff.length > 0) drifts.push({ kind, name, version, released: entry.released, diff });
  };
  const objects = contract.graph.records.filter((record): boolean => record.kind === 'object');
  for (const version of contract.line.versions) compare('api', contract.topic, version, () => apiFacts(contract, version, snapshots));
  for (const record of objects)
    for (const version of snapshots.lineOf(record).versions)
      compare('object', record.name, version, () => objectFacts(record, version, snapshots));
  for (const { path, kind, reason } of files) {
    const place = entryAt(path);
    if (place === undefined || kind === 'edited' || !claims(contract, objects, snapshots, place)) continue;
    drifts.push({ ...place, diff: [`~ ${path} ${reason}`] });
  }
  return drifts;
}

function withoutErrors(facts: Facts): Facts {
  return facts.kind === 'api' ? { ...facts, errors: [] } : facts;
}

function claims(
  contract: Contract,
  objects: readonly ObjectRecord[],
  snapshots: Snapshots,
  { kind, name, version }: { readonly kind: Facts['kind']; readonly name: string; readonly version: Version },
): boolean {
  if (kind === 'api') return name === contract.topic && contract.line.has(version);
  const record = objects.find((object) => object.name === name);
  return record !== undefined && snapshots.lineOf(record).has(version);
}
