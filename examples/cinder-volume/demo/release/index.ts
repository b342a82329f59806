import { newest } from './newest.js';
import { ocata } from './ocata.js';
import type { Release, ReleaseName } from './release.js';

export type { Caller, Release, ReleaseName, StoryName } from './release.js';

export const RELEASES: Readonly<Record<ReleaseName, Release>> = { ocata, newest };

/** What the client of a release is called. */
export function clientOf(release: ReleaseName): string {
  return `api-${release}`;
}

/** The release of the client of that name, if it is one of ours. */
export function releaseOfClient(name: string): Release | undefined {
  return Object.values(RELEASES).find((release) => clientOf(release.name) === name);
}
