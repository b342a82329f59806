import { compareVersions, majorOf, minorOf, type Version } from '../../versions/index.js';
import type { ReadWindow } from './entries.js';

/** A window with more minors than this that does not list them is taken for its two ends: anyone may have written it. */
const MOST = 1_000;

/** All versions that a window says it reads, oldest first. Between majors it has to list them. */
export function versionsOf({ floor, version, versions }: ReadWindow): readonly Version[] {
  if (versions !== undefined) return versions;
  const major = majorOf(floor);
  const span = minorOf(version) - minorOf(floor);
  if (majorOf(version) !== major || span > MOST) return [...new Set([floor, version])];
  return Array.from({ length: span + 1 }, (_, step): Version => `${major}.${minorOf(floor) + step}`);
}

/** The versions of both, oldest first. The very same list when the second has nothing to add. */
export function united(known: readonly Version[], more: readonly Version[]): readonly Version[] {
  const added = more.filter((version) => !known.includes(version));
  return added.length === 0 ? known : [...known, ...added].sort(compareVersions);
}
