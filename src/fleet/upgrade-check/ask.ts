import type { Class } from '../../objects/index.js';
import { examine, type Management } from '../doctor/index.js';
import type { FleetParts } from '../parts.js';
import { gather } from '../views/index.js';
import { buildOf, type Build, type BuildRole } from './build.js';
import { checkOf, upgradeFindings, type UpgradeCheck } from './check.js';

/** Options of `fleet.upgradeCheck`. */
export interface UpgradeCheckOptions {
  /** What the build is deployed as. Default `both`. */
  readonly as?: BuildRole;
  /** The management API of the broker: without it, policies and queues are not looked at. */
  readonly management?: Management;
  /** How long asking may take, in ms. Default 10,000. */
  readonly timeout?: number;
}

/** Asks whether a build can join. Changes nothing, but for what the doctor tries and undoes. */
export async function upgradeCheck(
  parts: FleetParts,
  given: readonly (Class | Build)[],
  { as = 'both', management, timeout = 10_000 }: UpgradeCheckOptions = {},
): Promise<UpgradeCheck> {
  const builds = given.map(buildOf);
  const topics = builds.map(({ topic }) => topic);
  const versions = Object.fromEntries(builds.map((build) => [build.topic, build.versions]));
  const facts = await gather(parts, { topics, only: true, versions, queues: 'none', timeout });
  const role = as === 'client' ? 'client' : 'server';
  const { findings } = await examine(parts, { topics, role, timeout, ...(management === undefined ? {} : { management }) });
  // What the doctor only warns of, or could not look at, is no matter of this build.
  return checkOf([...upgradeFindings(builds, as, facts), ...findings.filter(({ severity }) => severity === 'error')]);
}
