import type { Published, WireJournal } from '../proxy/index.js';
import { groupBy, of } from './select.js';
import { requestOf } from './version.js';

/**
 * How many copies of each message there may rightly be, by reference. A cast or fanout is published again when its
 * connection broke before the confirm came, and the broker may have taken it the first time as well. A rescued copy is
 * no publication of its own.
 */
export function copiesPublished(wires: readonly WireJournal[]): ReadonlyMap<string, number> {
  const published = wires.flatMap(({ process, entries }) =>
    of<Published>(entries, 'published')
      .filter(({ message }) => requestOf(message) !== undefined && message.headers?.['lynchpin-from'] === undefined)
      .map(({ connection, message: { reference } }) => ({ connection: `${process}/${connection}`, reference })),
  );
  const groups = groupBy(published, ({ reference }) => reference);
  return new Map([...groups].map(([reference, copies]) => [reference, new Set(copies.map(({ connection }) => connection)).size]));
}
