import { admits, holds } from '../../pin/index.js';
import { compareVersions, type Version } from '../../versions/index.js';
import type { Finding } from '../doctor/index.js';
import type { TopicFacts } from '../views/index.js';
import type { Build } from './build.js';
import { finding, fineIn, sayWhy } from './words.js';

/** What was finalized, what is being finalized, and what is held. */
export function ledgerFindings(build: Build, { ledger }: TopicFacts): readonly Finding[] {
  const [floor, head] = [build.versions[0], build.versions.at(-1)];
  if (floor === undefined || head === undefined) return [];
  if (!ledger.known) {
    if (ledger.reason !== 'unreachable')
      return [fineIn('upgrade/final', build, `there is no ledger (${ledger.why}): nothing is final or held`)];
    const remedy = 'make the ledger readable: a server whose ledger cannot be read does not join';
    return [finding('upgrade/final', 'not checked', build, { seen: ledger.why, remedy, command: 'npx lynchpin doctor' })];
  }
  const { state } = ledger;
  const admission = admits(state, { floor, version: head });
  const found: Finding[] = [];
  if (admission.kind === 'admitted') found.push(fineIn('upgrade/final', build, 'nothing above it was finalized'));
  else if (admission.kind === 'TOO_OLD') {
    const [upgrade, takeBack] = admission.waysOut;
    const seen = `${admission.floor.version} is final, and it reads ${floor} to ${head}: ${sayWhy(admission.floor)}`;
    found.push(
      finding('upgrade/final', 'error', build, { seen, causes: 'it is refused with TOO_OLD', remedy: `${upgrade}; or, ${takeBack}` }),
    );
  } else {
    found.push(
      finding('upgrade/final', 'error', build, {
        seen: admission.text,
        causes: 'what cannot be told is not allowed: it does not join',
        remedy: 'deploy a build that understands the ledger, or look what a newer one wrote',
        command: `npx lynchpin ledger ${build.topic}`,
      }),
    );
  }
  const { prepared } = state;
  if (prepared !== undefined) found.push(underWay(build, head, prepared));
  for (const hold of holds(state)) {
    if (hold.cause !== 'operator') continue;
    if (hold.until !== undefined && compareVersions(hold.until, head) >= 0) continue;
    found.push(
      finding('upgrade/held', 'warning', build, {
        seen: `${hold.until === undefined ? 'pins are held where they are' : `pins are held at ${hold.until}`}: ${sayWhy(hold)}`,
        causes: `it runs, and nothing is sent at ${head} until the hold is released`,
        remedy: 'release it once you may',
        command: `npx lynchpin release ${build.topic} --reason <text>`,
      }),
    );
  }
  return found;
}

function underWay(
  build: Build,
  head: Version,
  prepared: { readonly version: Version; readonly author: string; readonly reason: string; readonly at?: string | undefined },
): Finding {
  const old = compareVersions(head, prepared.version) < 0;
  return finding('upgrade/finalizing', old ? 'error' : 'warning', build, {
    seen: `${prepared.version} is being finalized: ${sayWhy(prepared)}`,
    causes: old
      ? 'it keeps that from being done for as long as it runs, and is refused with TOO_OLD afterwards'
      : 'every process that joins has to acknowledge it first: it takes longer',
    remedy: old ? `deploy a build that reads ${prepared.version}, or abort it` : 'wait until it is done',
    command: old ? `npx lynchpin abort ${build.topic}` : `npx lynchpin status ${build.topic}`,
  });
}
