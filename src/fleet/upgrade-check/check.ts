import { worstFirst, type Finding } from '../doctor/index.js';
import type { FleetFacts } from '../views/index.js';
import type { Build, BuildRole } from './build.js';
import { censusFindings } from './census.js';
import { laneFindings } from './lanes.js';
import { ledgerFindings } from './ledger.js';

/** Whether a build can join: `warnings` where it can at a cost, or where not everything could be looked at. */
export type Readiness = 'ready' | 'warnings' | 'not ready';

/** What a check of an upgrade says. */
export interface UpgradeCheck {
  /** What all findings together come to. */
  readonly readiness: Readiness;
  /** The worst first; `about` is the topic. */
  readonly findings: readonly Finding[];
}

/** Everything that there is to say about a build that wants to join. */
export function upgradeFindings(builds: readonly Build[], role: BuildRole, facts: FleetFacts): readonly Finding[] {
  return builds.flatMap((build) => {
    const topic = facts.topics.find((one) => one.topic === build.topic);
    if (topic === undefined) return [];
    return [...ledgerFindings(build, topic), ...censusFindings(build, role, topic, facts), ...laneFindings(build, role, topic)];
  });
}

/** What all findings together come to. */
export function checkOf(findings: readonly Finding[]): UpgradeCheck {
  const some = (...severities: readonly Finding['severity'][]): boolean => findings.some(({ severity }) => severities.includes(severity));
  const readiness = some('error') ? 'not ready' : some('warning', 'not checked') ? 'warnings' : 'ready';
  return { readiness, findings: worstFirst(findings) };
}
