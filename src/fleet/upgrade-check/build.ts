import type { Class } from '../../objects/index.js';
import { Contract } from '../../rpc/index.js';
import type { Version } from '../../versions/index.js';

/** What one contract of a build reads and speaks. */
export interface Build {
  /** As the contract names it. */
  readonly topic: string;
  /** Oldest first: from its floor to its own version. */
  readonly versions: readonly Version[];
}

/** What a build is deployed as. A package of contracts does not say who uses it. */
export type BuildRole = 'server' | 'client' | 'both';

/** @throws LynchpinError `DECLARATION` for a class that is no contract. */
export function buildOf(given: Class | Build): Build {
  if (typeof given !== 'function') return given;
  const { topic, line } = Contract.of(given);
  return { topic, versions: line.versions };
}
