import { floorOf, type LedgerState, type Prepared } from '../../pin/index.js';
import { compareVersions, type Version } from '../../versions/index.js';

/**
 * What a process may say is final.
 * - `shown`: this version; undefined while none is.
 * - `undecided`: it has agreed that this be made final, and does not know what came of it.
 * - `out`: it is no member at present, so others may have agreed without it.
 * - `unreadable`: the ledger has what this build does not understand.
 */
export type Showable =
  | { readonly kind: 'shown'; readonly version: Version | undefined }
  | { readonly kind: 'undecided'; readonly prepared: Prepared }
  | { readonly kind: 'out' | 'unreadable' };

/**
 * What a process may say is final, as far as it has read the ledger. Pure.
 *
 * Nothing becomes final without the acknowledgement of every member. So one that has not acknowledged knows that it is not final,
 * however late it reads; one that may have, and does not read what came of it, does not know.
 * @param mine the lives under which this process is a member, as it believes.
 * @param queue that which it lives by, of which it knows that it is there.
 */
export function showable(
  state: LedgerState,
  mine: readonly { readonly instance: string; readonly incarnation: number }[],
  queue: string,
): Showable {
  const members = state.members.filter((member) => {
    const own = mine.some(({ instance, incarnation }) => member.instance === instance && member.incarnation === incarnation);
    return own && member.queue === queue;
  });
  if (members.length === 0) return { kind: 'out' };
  if (state.unreadable !== undefined) return { kind: 'unreadable' };
  const { prepared } = state;
  // One that does not read the version does not acknowledge it, and as long as it is a member it is not final.
  const decided = prepared === undefined || members.some(({ window }) => compareVersions(window.version, prepared.version) < 0);
  return decided ? { kind: 'shown', version: floorOf(state)?.version } : { kind: 'undecided', prepared };
}
