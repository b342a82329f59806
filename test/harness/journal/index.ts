export { now } from './clock.js';
export type {
  Answered,
  Confirmed,
  Decoded,
  Entry,
  Failed,
  Handled,
  Handling,
  Journal,
  Milestone,
  Pinned,
  Role,
  Sent,
  Started,
  Window,
} from './entry.js';
export { JOURNAL_SUFFIX, parseLines, readJournal, readJournals } from './reader.js';
export { JournalWriter, type Note } from './writer.js';
