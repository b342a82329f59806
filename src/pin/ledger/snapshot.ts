import type { Snapshot } from './entries.js';
import { contentOf, type LedgerState } from './state.js';

/**
 * The snapshot of a state, to be appended. If another entry comes in between it does not count, and is tried again.
 * Undefined where the state cannot be relied upon: nobody may write down what it does not know.
 */
export function snapshotOf(state: LedgerState, said: Pick<Snapshot, 'id' | 'author' | 'reason' | 'at'>): Snapshot | undefined {
  if (state.unreadable !== undefined) return undefined;
  return { kind: 'snapshot', ...said, upTo: state.offset, content: contentOf(state) };
}
