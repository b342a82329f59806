import { compareVersions, type Version } from '../../versions/index.js';
import type { Life, ReadWindow } from './entries.js';
import type { Floor, Hold, LedgerState, Member, Prepared, Unreadable } from './state.js';

/** Whether a build may take part, as far as the floor goes. */
export type Admission =
  | { readonly kind: 'admitted' }
  /** It is older than what is final. Its text says what is finalized, by whom, since when, and the ways out. */
  | {
      readonly kind: 'TOO_OLD';
      readonly floor: Floor;
      readonly text: string;
      readonly waysOut: readonly [upgrade: string, takeBack: string];
    }
  /** This build cannot tell; what cannot be told is not allowed. */
  | { readonly kind: 'unknown'; readonly text: string };

/** Whether a process that has written its `joined` and read it back may consume. */
export type JoinVerdict =
  | { readonly kind: 'joined' }
  | Exclude<Admission, { kind: 'admitted' }>
  /** Its entry did not make it a member: a later life of it was there before, or is over. It joins anew, as another life. */
  | { readonly kind: 'again'; readonly text: string };

/** Something in the way of finalizing a version. */
export type InTheWay =
  | { readonly kind: 'unreadable'; readonly unreadable: Unreadable }
  | { readonly kind: 'final'; readonly floor: Floor }
  | { readonly kind: 'held'; readonly hold: Hold }
  | { readonly kind: 'unprepared' }
  /** Another version is being finalized; that is finished or aborted first. */
  | { readonly kind: 'other'; readonly prepared: Prepared }
  | { readonly kind: 'below'; readonly member: Member }
  /** It reads the version, and has not said so in this epoch. It may be down: then it comes back or is expired. */
  | { readonly kind: 'silent'; readonly member: Member };

/** A hold that stands: an operator's, or one because the ledger cannot be read. */
export type StandingHold =
  | ({ readonly cause: 'operator' } & Hold)
  | { readonly cause: 'unreadable'; readonly unreadable: Unreadable; readonly text: string };

/** The version that is final, with who made it so; undefined while nothing is. */
export function floorOf(state: LedgerState): Floor | undefined {
  return state.floors.at(-1);
}

/** What holds pins: while the ledger cannot be read that is a hold as well, because one may be in what was not understood. */
export function holds(state: LedgerState): readonly StandingHold[] {
  const operators = state.holds.map((hold) => ({ cause: 'operator', ...hold }) as const);
  const { unreadable } = state;
  return unreadable === undefined ? operators : [...operators, { cause: 'unreadable', unreadable, text: unreadableText(unreadable) }];
}

/** Whether a build with that window could join now. Asked before a roll-out; a process that starts asks {@link mayJoin}. */
export function admits(state: LedgerState, window: ReadWindow): Admission {
  if (state.unreadable !== undefined) return { kind: 'unknown', text: unreadableText(state.unreadable) };
  const floor = floorOf(state);
  if (floor === undefined || compareVersions(window.version, floor.version) >= 0) return { kind: 'admitted' };
  const waysOut = [
    `deploy a build that reads ${floor.version}`,
    `if what was finalized can still be undone, take it back with "unfinalize" and a reason`,
  ] as const;
  const since = floor.at === undefined ? '' : ` at ${floor.at}`;
  const reason = floor.reason === '' ? '' : ` (${floor.reason})`;
  return {
    kind: 'TOO_OLD',
    floor,
    text: `${floor.version} is final since offset ${floor.offset}, prepared by ${floor.author}${since}${reason}, and this build reads ${window.floor} to ${window.version} only; ${waysOut[0]}, or, ${waysOut[1]}`,
    waysOut,
  };
}

/**
 * The verdict on a process whose `joined` stands at `offset`. It is given at that offset: the state must be the one right
 * after that entry, neither earlier nor later, so that every process that reads the log comes to the same.
 */
export function mayJoin(state: LedgerState, joiner: Life & { readonly window: ReadWindow }, offset: number): JoinVerdict {
  if (state.offset !== offset) return { kind: 'unknown', text: `the log is read to offset ${state.offset}, and the entry is at ${offset}` };
  const admission = admits(state, joiner.window);
  if (admission.kind !== 'admitted') return admission;
  if (isMember(state, joiner)) return { kind: 'joined' };
  return { kind: 'again', text: `life ${joiner.incarnation} of ${joiner.instance} is over; join anew as the next one` };
}

/** Whether that life of a process is a member. One that finds that it is not any more stops consuming and joins anew. */
export function isMember(state: LedgerState, { instance, incarnation }: Life): boolean {
  return state.members.some((member) => member.instance === instance && member.incarnation === incarnation);
}

/**
 * Whether a record that makes the version final would count now, and what is in the way if not: the fold asks the same
 * at the record's own offset. That nobody is counted whom the ledger does not know is for the census to say.
 */
export function canFinalize(state: LedgerState, version: Version): { readonly ready: boolean; readonly missing: readonly InTheWay[] } {
  const missing: InTheWay[] = [...obstacles(state, version)];
  const { prepared } = state;
  if (prepared === undefined) missing.push({ kind: 'unprepared' });
  for (const member of state.members) {
    if (compareVersions(member.window.version, version) < 0) missing.push({ kind: 'below', member });
    else if (prepared === undefined || member.acked !== prepared.epoch) missing.push({ kind: 'silent', member });
  }
  return { ready: missing.length === 0, missing };
}

/** What would refuse the first phase already. */
export function obstacles(state: LedgerState, version: Version): readonly InTheWay[] {
  const found: InTheWay[] = [];
  const { unreadable, prepared } = state;
  const floor = floorOf(state);
  if (unreadable !== undefined) found.push({ kind: 'unreadable', unreadable });
  if (floor !== undefined && compareVersions(floor.version, version) >= 0) found.push({ kind: 'final', floor });
  for (const hold of state.holds) {
    if (hold.until === undefined || compareVersions(hold.until, version) < 0) found.push({ kind: 'held', hold });
  }
  if (prepared !== undefined && prepared.version !== version) found.push({ kind: 'other', prepared });
  return found;
}

function unreadableText(unreadable: Unreadable): string {
  return unreadable.cause === 'beginning'
    ? `the beginning of the ledger is lost: it could be read from offset ${unreadable.offset} on only, and no snapshot stands for the rest`
    : `the ledger has an entry at offset ${unreadable.offset} (${unreadable.called}, format ${unreadable.format}) that this build does not understand; deploy the build that wrote it, or have that one write a snapshot`;
}
