import type { UnknownReason } from '../broker/index.js';
import type { Line, Version } from '../versions/index.js';

/** Why a census tells nothing: the broker could not say, or nobody is there (which may be a restart, so it is no zero). */
export type NoReading = UnknownReason | 'nobody';

/**
 * What one census told. `servers` is the smaller of the two counts of the roll; `readers` has how many of them read a
 * version, undefined where that is not known; a version that was not looked at is not in it.
 */
export type Reading =
  | { readonly known: false; readonly reason: NoReading }
  | { readonly known: true; readonly servers: number; readonly readers: ReadonlyMap<Version, number | undefined> };

/** The versions of a line up to a cap, oldest first. */
export function upTo(line: Line, cap: Version | undefined): readonly Version[] {
  return cap === undefined ? line.versions : line.versions.slice(0, line.indexOf(cap) + 1);
}

/** The versions of a line from the lowest that may be used up to a cap, oldest first. */
export function between(line: Line, least: Version | undefined, cap: Version | undefined): readonly Version[] {
  const versions = upTo(line, cap);
  return least === undefined ? versions : versions.slice(line.indexOf(least));
}

/** The highest of the versions (oldest first) for which the test holds. */
export function highest(versions: readonly Version[], test: (version: Version) => boolean): Version | undefined {
  for (let at = versions.length - 1; at >= 0; at--) {
    const version = versions[at] as Version;
    if (test(version)) return version;
  }
  return undefined;
}
