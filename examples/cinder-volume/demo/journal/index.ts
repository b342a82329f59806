export type { Entry, Failed, Form, Handler, Milestone, Note, Pinned, Refused, Sent, Settled, Started } from './entry.js';
export { type Journal, NO_JOURNAL, openJournal } from './writer.js';
