import type { Entry, Failed, Handler, Refused, Sent, Settled, Started } from '../journal/index.js';
import type { Book } from './books.js';

/** What a sender wrote of how a message ended for it. */
export type Outcome = Settled | Refused | Failed;

/** One run of a handler: where, and how it ended, if it did. */
export interface Run {
  readonly by: Started;
  readonly begin: Handler;
  end?: Handler;
}

/** Everything that all journals say of one message. */
export interface Account {
  readonly id: string;
  readonly sent: { readonly by: Started; readonly entry: Sent }[];
  readonly outcomes: Outcome[];
  readonly runs: Run[];
}

/** Puts together what all processes wrote of each message. */
export function accountsOf(books: readonly Book[]): Map<string, Account> {
  const accounts = new Map<string, Account>();
  const account = (id: string): Account => {
    let known = accounts.get(id);
    if (known === undefined) accounts.set(id, (known = { id, sent: [], outcomes: [], runs: [] }));
    return known;
  };
  for (const { by, entries } of books) for (const entry of entries) enter(entry, by, account);
  return accounts;
}

function enter(entry: Entry, by: Started, account: (id: string) => Account): void {
  switch (entry.kind) {
    case 'sent':
      account(entry.id).sent.push({ by, entry });
      break;
    case 'answered':
    case 'confirmed':
    case 'refused':
    case 'failed':
      account(entry.id).outcomes.push(entry);
      break;
    case 'handling':
      account(entry.id).runs.push({ by, begin: entry });
      break;
    case 'handled':
    case 'threw':
      end(account(entry.id), by, entry);
      break;
    default:
  }
}

/** Ends the run that this process began for it; an end without a beginning is a run of its own, which no check lets pass. */
function end(account: Account, by: Started, entry: Handler): void {
  const open = account.runs.find((run) => run.by === by && run.end === undefined && run.begin.kind === 'handling');
  if (open === undefined) account.runs.push({ by, begin: entry });
  else open.end = entry;
}
