import type { Entry, Started } from '../journal/index.js';
import type { Book } from './books.js';
import { compare, type Finding, within } from './finding.js';

/** A time in which a server was there, as it wrote itself. */
interface Presence {
  readonly by: Started;
  readonly from: number;
  readonly until: number;
}

/** Where each pin went, and that it never rose while a server was there that reads less. One finding for each client. */
export function checkPins(books: readonly Book[]): Finding[] {
  const presences = books.filter(({ by }) => by.role === 'server').map(presenceOf);
  return books.filter(({ by }) => by.role === 'client').map((book) => checkPin(book, presences));
}

function checkPin({ by, entries }: Book, presences: readonly Presence[]): Finding {
  const violations: string[] = [];
  const path: string[] = [];
  let current: string | undefined;
  for (const entry of entries) {
    // A pin that has just moved may be written down a moment after the first message that obeys it.
    if (entry.kind !== 'pin' || entry.version === current) continue;
    if (!within(entry.version, by)) violations.push(`${by.process} speaks ${by.floor} to ${by.newest} and was pinned to ${entry.version}`);
    if (current === undefined || compare(entry.version, current) > 0) violations.push(...unread(by, entry.version, entry.at, presences));
    current = entry.version;
    path.push(entry.version);
  }
  if (path.length === 0) violations.push(`${by.process} never had a pin`);
  return { text: `${by.process} (${by.release}) spoke ${path.join(' > ')}, and rose only when every server read it`, violations };
}

function unread(client: Started, version: string, at: number, presences: readonly Presence[]): string[] {
  return presences
    .filter(({ from, until }) => from < at && at < until)
    .filter(({ by }) => compare(by.newest, version) < 0)
    .map(({ by }) => `${client.process} went to ${version} while ${by.process} was there, which reads ${by.floor} to ${by.newest}`);
}

function presenceOf({ by, entries }: Book): Presence {
  const at = (kind: Entry['kind'], otherwise: number): number => entries.find((entry) => entry.kind === kind)?.at ?? otherwise;
  return { by, from: at('ready', Infinity), until: at('stopping', Infinity) };
}
