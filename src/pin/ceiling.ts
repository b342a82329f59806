import type { PinHold } from '../rpc/index.js';
import { compareVersions, type Line, type Version } from '../versions/index.js';
import type { StandingHold } from './ledger/index.js';
import { highest } from './reading.js';

/** What the hold of a ledger that cannot be read is called. */
export const UNREADABLE = 'unreadable';

/** How far one hold lets a pin rise. */
export interface HoldCeiling {
  readonly hold: PinHold;
  /** One of the client's versions; undefined where the hold is no limit to this client. */
  readonly version: Version | undefined;
  /** It says to stay below everything that the client speaks, which cannot be. */
  readonly below: boolean;
}

/**
 * What a hold without a version means for a client that hears of it: its pin as it is. A client that has none yet takes what
 * all servers read when the hold was written, and its floor where that is not known. So a process that starts under a hold
 * neither runs ahead of the others nor loses what everyone has.
 *
 * @param pinned undefined while no pin has been picked.
 */
export function heardAt(hold: StandingHold, pinned: Version | undefined, line: Line): Version {
  return pinned ?? (hold.cause === 'operator' ? hold.common : undefined) ?? line.floor;
}

/**
 * How far each hold lets the pin of a client rise. Pure.
 *
 * @param heard what {@link heardAt} was for each hold without a version, by its id.
 */
export function ceilings(holds: readonly StandingHold[], line: Line, heard: ReadonlyMap<string, Version>): readonly HoldCeiling[] {
  return holds.map((standing): HoldCeiling => {
    const hold = pinHoldOf(standing);
    const most = hold.until ?? heard.get(hold.id) ?? line.floor;
    const version = highest(line.versions, (one) => compareVersions(one, most) <= 0);
    return {
      hold,
      version: version === line.head ? undefined : (version ?? line.floor),
      below: hold.until !== undefined && version === undefined,
    };
  });
}

/** How far all of them together let it rise: the lowest counts, and what is final counts more. Undefined for no limit. */
export function ceilingOf(each: readonly HoldCeiling[], least: Version | undefined): Version | undefined {
  const limits = each.map(({ version }) => version).filter((version) => version !== undefined);
  const lowest = limits.sort(compareVersions)[0];
  return lowest !== undefined && least !== undefined && compareVersions(lowest, least) < 0 ? least : lowest;
}

/** What `release` names a hold by. */
export function holdId(hold: StandingHold): string {
  return hold.cause === 'operator' ? hold.id : UNREADABLE;
}

function pinHoldOf(standing: StandingHold): PinHold {
  if (standing.cause === 'unreadable') {
    return Object.freeze({ id: holdId(standing), author: 'the ledger', reason: standing.text, since: undefined });
  }
  const { id, author, reason, at, until } = standing;
  return Object.freeze({ id, author, reason, since: at, until });
}
