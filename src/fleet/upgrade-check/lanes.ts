import { compareVersions } from '../../versions/index.js';
import type { Finding } from '../doctor/index.js';
import { consumersOf, readyOf, type TopicFacts } from '../views/index.js';
import type { Build, BuildRole } from './build.js';
import { finding, fineIn, many } from './words.js';

/** Messages on lanes that this build does not read, or that nobody reads any more. */
export function laneFindings(build: Build, role: BuildRole, { lanes, readers }: TopicFacts): readonly Finding[] {
  const floor = build.versions[0];
  if (floor === undefined) return [];
  const found: Finding[] = [];
  for (const [version, count] of lanes) {
    const waiting = readyOf(count);
    if (typeof waiting !== 'number') {
      if (waiting.unknown === 'missing') continue;
      const remedy = 'look again once the broker answers';
      found.push(
        finding('upgrade/lanes', 'not checked', build, { seen: `what waits on lane ${version} is not known: ${waiting.unknown}`, remedy }),
      );
      continue;
    }
    if (waiting === 0) continue;
    const reading = consumersOf(readers.get(version));
    const own = role !== 'client' && build.versions.includes(version);
    const below = compareVersions(version, floor) < 0;
    if (typeof reading === 'number' && reading > 0) {
      if (!below || role === 'client') continue;
      found.push(
        finding('upgrade/lanes', 'warning', build, {
          seen: `${many(waiting, 'message')} on lane ${version}, below its floor ${floor}, with ${many(reading, 'reader')}`,
          causes: 'it does not read them, and is refused with STRANDED unless the present servers empty that lane within a few seconds',
          remedy: `let lane ${version} run empty before the last server that reads it leaves`,
        }),
      );
    } else if (own) {
      found.push(fineIn('upgrade/lanes', build, `it takes the ${many(waiting, 'message')} off lane ${version}, which nobody reads`));
    } else if (below && role !== 'client') {
      found.push(
        finding('upgrade/lanes', 'error', build, {
          seen: `${many(waiting, 'message')} on lane ${version}, below its floor ${floor}, and nobody reads it`,
          causes: 'it is refused with STRANDED: nobody would be left who reads them',
          remedy: 'start a server that reads that lane, or rescue them from a build that still does',
          command: `npx lynchpin rescue ${build.topic}`,
        }),
      );
    } else {
      found.push(
        finding('upgrade/lanes', 'warning', build, {
          seen: `${many(waiting, 'message')} on lane ${version}, and nobody reads it`,
          causes: 'they wait until somebody reads that version, or are converted by a process that knows it',
          remedy: 'rescue them from a build that knows that version',
          command: `npx lynchpin rescue ${build.topic}`,
        }),
      );
    }
  }
  return found.length > 0 ? found : [fineIn('upgrade/lanes', build, 'no message waits where nobody would read it')];
}
