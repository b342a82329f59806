import { compareVersions, type Line, type Version } from '../versions/index.js';
import type { Attendance } from './attendance.js';
import { ceilingOf, ceilings, heardAt, holdId, type HoldCeiling } from './ceiling.js';
import { floorOf, holds, type Floor, type StandingHold } from './ledger/index.js';
import type { TopicLedger } from './topic-ledger.js';

/** What limits a pin besides the census, as far as the ledger was read. */
export interface Limits {
  /** Each hold, and how far it lets this client's pin rise. */
  readonly holds: readonly HoldCeiling[];
  /** How far all of them do; undefined for no limit. */
  readonly ceiling: Version | undefined;
  /** What is final, with who made it so. */
  readonly final: Floor | undefined;
  /** The lowest of the client's versions that may be used, where that is not its floor. */
  readonly least: Version | undefined;
  /** Why the pin may not be raised now, whatever the census says; undefined while it may. */
  readonly frozen: 'ledger' | 'member' | 'absence' | undefined;
  /** How many servers are not back yet, of those that were there before this process was cut off. */
  readonly missing: number;
}

/** The limits of a client that knows of no ledger. */
const NO_LIMITS: Limits = Object.freeze({
  holds: [],
  ceiling: undefined,
  final: undefined,
  least: undefined,
  frozen: undefined,
  missing: 0,
});

/** Reads one topic's ledger for one client. */
export class LimitsReader {
  /** How far each hold that names no version lets the pin rise: what it was when this client heard of it. */
  readonly #heard = new Map<string, Version>();

  constructor(
    private readonly line: Line,
    private readonly ledger: TopicLedger | undefined,
    private readonly attendance: Attendance | undefined,
  ) {}

  /**
   * @param pinned what the pin is now; undefined while it has not been picked yet.
   * @param missing how many servers are not back yet.
   */
  read(pinned: Version | undefined, missing: number): Limits {
    const { line, ledger, attendance } = this;
    const absent = missing > 0 ? 'absence' : undefined;
    if (ledger === undefined) return { ...NO_LIMITS, frozen: absent, missing };
    const standing = holds(ledger.state);
    const final = floorOf(ledger.state);
    const least = final === undefined ? undefined : leastOf(line, final.version);
    this.#hear(standing, pinned);
    const each = ceilings(standing, line, this.#heard);
    const frozen = attendance !== undefined && attendance.state !== 'in' ? 'member' : ledger.following ? absent : 'ledger';
    return { holds: each, ceiling: ceilingOf(each, least), final, least, frozen, missing };
  }

  #hear(standing: readonly StandingHold[], pinned: Version | undefined): void {
    const open = new Map(
      standing.filter((hold) => hold.cause === 'unreadable' || hold.until === undefined).map((hold) => [holdId(hold), hold]),
    );
    for (const id of this.#heard.keys()) if (!open.has(id)) this.#heard.delete(id);
    for (const [id, hold] of open) if (!this.#heard.has(id)) this.#heard.set(id, heardAt(hold, pinned, this.line));
  }
}

/** The oldest version of the client's that is not below what is final; one that has none is refused elsewhere. */
function leastOf(line: Line, final: Version): Version | undefined {
  const at = line.versions.findIndex((version) => compareVersions(version, final) >= 0);
  return at < 0 ? line.head : at === 0 ? undefined : line.versions[at];
}
