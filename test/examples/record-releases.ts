import { writeRecording, type Entry, type Surface } from '#lynchpin/compat/index.js';
import { compareVersions, parseVersion } from '#lynchpin/versions/index.js';

/** A release, and the newest version of the API that it speaks. */
export type Release = readonly [name: string, version: string];

/**
 * Records a contract as its releases would have: at each of them what was there by then, stamped with its name. It does so
 * afterwards, from what the contract says of its own past.
 * @param releases oldest first.
 * @param describe the line for the changelog; undefined where there is none.
 */
export function recordReleases(
  folder: string,
  surface: Surface,
  releases: readonly Release[],
  describe: (facts: Entry['facts']) => string | undefined,
): void {
  for (const [released, version] of releases) writeRecording(folder, upTo(surface, version, describe), { released });
}

/** What there is of a surface up to a version of the API: its versions up to there, and the objects that they carry. */
export function upTo(surface: Surface, last: string, describe: (facts: Entry['facts']) => string | undefined): Surface {
  const end = parseVersion(last, 'a release');
  const described = <E extends Entry>(entry: E): E => {
    const description = describe(entry.facts);
    return description === undefined ? entry : { ...entry, description };
  };
  const apis = surface.apis.map((api) => {
    const kept = [...api.entries].filter(([version]) => compareVersions(version, end) <= 0);
    return { ...api, entries: new Map(kept.map(([version, entry]) => [version, described(entry)])) };
  });
  const carried = new Map(apis.flatMap((api) => [...api.entries.values()]).flatMap(({ facts }) => Object.entries(facts.carries)));
  return {
    ...surface,
    apis,
    objects: surface.objects.map((object) => {
      const newest = carried.get(object.name);
      const kept = [...object.entries].filter(([version]) => newest !== undefined && compareVersions(version, newest) <= 0);
      return { ...object, entries: new Map(kept.map(([version, entry]) => [version, described(entry)])) };
    }),
  };
}
