import type { Version } from '../../versions/index.js';

/**
 * What keeps a pin from rising, or needs somebody, in the order in which it is looked after:
 *
 * - `unreachable`: the broker is out of reach, and nothing is known.
 * - `uncounted`: servers cannot be counted, so pins stay where they are.
 * - `unreadable`: the ledger cannot be read, which counts as a hold.
 * - `split`: the live servers have no version in common.
 * - `too-old`, `too-new`: a process that can work with nobody, or is below what is final.
 * - `stranded`: messages stand on a lane that no live server reads.
 * - `nobody`: no server is there.
 * - `silent`: somebody is connected, keeps a pin or a finalization, and does not answer: frozen or cut off.
 * - `server`: a live server reads less than clients speak.
 * - `down`: such a server is down or between two connections: it has not left.
 * - `unnamed`: the broker counts such servers, and nobody knows who they are.
 * - `finalizing`: a version is being finalized, and not everybody has acknowledged.
 * - `hold`: an operator's hold.
 * - `capped`: a client's own setting.
 * - `settling`: nothing is left but the quiet time.
 * - `lagging`: a client sends less than it could, and nothing of the above is seen: it has not looked since, or sees less.
 * - `client`: a client that itself knows no newer version.
 */
export type CauseKind =
  | 'unreachable'
  | 'uncounted'
  | 'unreadable'
  | 'split'
  | 'too-old'
  | 'too-new'
  | 'stranded'
  | 'nobody'
  | 'silent'
  | 'server'
  | 'down'
  | 'unnamed'
  | 'finalizing'
  | 'hold'
  | 'capped'
  | 'settling'
  | 'lagging'
  | 'client';

/** One thing that keeps a pin from rising, or needs somebody. */
export interface Cause {
  /** What kind of thing it is. */
  readonly kind: CauseKind;
  /** Whether somebody has to do something. Otherwise it is part of an upgrade, or somebody wants it so. */
  readonly wrong: boolean;
  /** Who it is, by the names that people know: servers, clients, the author of a hold, the version of a lane. */
  readonly who: readonly string[];
  /** Since when, by the clock of whoever wrote it; ISO 8601, where it is known. */
  readonly since?: string | undefined;
  /** What is the matter. */
  readonly text: string;
  /** What would end it. */
  readonly release: string;
  /** A command that does it, or that helps; only where there is one. */
  readonly command?: string | undefined;
  /** The version that it is about: of a lane, a hold, a finalization. */
  readonly version?: Version | undefined;
  /** How many: of messages on a lane, of servers that are not known by name. */
  readonly count?: number | undefined;
}

/** No list in a sentence is longer than this. */
const NAMED = 5;

/** "a, b and c", "a, b, c, d, e and 7 more". */
export function listed(names: readonly string[]): string {
  if (names.length > NAMED) return `${names.slice(0, NAMED).join(', ')} and ${names.length - NAMED} more`;
  const last = names.at(-1) ?? '';
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} and ${last}`;
}

/** "3.0 to 3.2", or the one version. */
export function rangeOf(versions: readonly Version[]): string {
  const [floor, head] = [versions[0], versions.at(-1)];
  return floor === undefined ? 'nothing' : floor === head ? floor : `${floor} to ${head}`;
}

/** "1 message", "3 messages". */
export function several(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
