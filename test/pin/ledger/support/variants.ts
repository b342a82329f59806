import { canFinalize, fold, type LedgerState } from '#lynchpin/pin/index.js';
import { compareVersions } from '#lynchpin/versions/index.js';
import { PROTOCOL, V, type Protocol } from './model.js';

/** Protocols that look as if they would do, each with the real fold and one thing taken away from it. */

/** An abort drops the fence even when the version is final already: any finalizer that gives up may take it away. */
export const droppableFence: Protocol = {
  ...PROTOCOL,
  fold(state, entry, offset) {
    const after = fold(state, entry, offset);
    const dropped = entry.kind === 'abort' && state.floors.at(-1)?.epoch === entry.epoch;
    return dropped ? { ...after, floors: [] } : after;
  },
};

/** Who must acknowledge is counted before the prepare stands; who joins after the count is not looked at. */
export const countBeforeFence: Protocol = {
  ...PROTOCOL,
  fold(state, entry, offset) {
    if (entry.kind !== 'finalize') return fold(state, entry, offset);
    return { ...fold(counted(state), entry, offset), members: state.members };
  },
  ready: (state) => canFinalize(counted(state), V).ready,
};

function counted(state: LedgerState): LedgerState {
  return { ...state, members: state.members.filter(({ offset }) => offset < (state.prepared?.epoch ?? 0)) };
}

/** Nobody is asked: the consumers that a census shows all read the version, and that is enough. */
export const withoutAcknowledgement: Protocol = {
  ...PROTOCOL,
  fold(state, entry, offset) {
    if (entry.kind !== 'finalize') return fold(state, entry, offset);
    return { ...fold({ ...state, members: [] }, entry, offset), members: state.members };
  },
  ready: (_state, seen) => seen.every((version) => compareVersions(version, V) >= 0),
};

/** Silence counts as evidence: a process that is cut off is expired. */
export const expiryByTimeout: Protocol = { ...PROTOCOL, over: (place) => place !== 'up' };
