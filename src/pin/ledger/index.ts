export { type Entry } from './entries.js';
export { fold } from './fold.js';
export { entryBody, parseEntry } from './parse.js';
export { admits, canFinalize, floorOf, holds, isMember, mayJoin } from './questions.js';
export { snapshotOf } from './snapshot.js';
export { EMPTY_LEDGER, type LedgerState } from './state.js';
