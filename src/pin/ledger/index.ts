export { LEDGER_FORMAT } from './entries.js';
export type { Acted, Entry, Life, ReadWindow } from './entries.js';
export { fold } from './fold.js';
export { entryBody, parseEntry } from './parse.js';
export { versionsOf } from './lanes.js';
export { admits, canFinalize, floorOf, holds, isMember, mayJoin, type InTheWay, type StandingHold } from './questions.js';
export { snapshotOf } from './snapshot.js';
export { EMPTY_LEDGER, type Floor, type Hold, type LedgerState, type Member, type Prepared } from './state.js';
