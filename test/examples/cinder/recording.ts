import { declaredIn, surfaceOf, writeRecording, type Entry, type Surface } from '#lynchpin/compat/index.js';
import { compareVersions, parseVersion } from '#lynchpin/versions/index.js';
import * as contract from '../../../examples/cinder-volume/contract/index.js';
import { facts as history } from './facts.js';
import { API_LINES, OBJECT_LINES, RELEASES } from './history-lines.js';

/**
 * Records the contract as its releases would have: at each of them what was there by then, stamped with its name. Nobody
 * recorded anything at the time, so this does it afterwards, from what the contract says of its own past.
 */
export function recordHistory(folder: string): void {
  const surface = surfaceOf(declaredIn(contract));
  for (const [release, version] of RELEASES) writeRecording(folder, upTo(surface, version), { released: release });
}

/** What there is of a surface up to a version of the API: its versions up to there, and the objects that they carry. */
function upTo(surface: Surface, last: string): Surface {
  const end = parseVersion(last, 'a release');
  const apis = surface.apis.map((api) => ({
    ...api,
    entries: new Map(
      [...api.entries].filter(([version]) => compareVersions(version, end) <= 0).map(([version, entry]) => [version, described(entry)]),
    ),
  }));
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

function described<E extends Entry>(entry: E): E {
  const { kind, name, version } = entry.facts;
  const lines = kind === 'api' ? API_LINES : (history.objects[name]?.history ?? OBJECT_LINES[name] ?? {});
  const description = lines[version];
  return description === undefined ? entry : { ...entry, description };
}
