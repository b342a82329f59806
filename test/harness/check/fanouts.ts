import type { Confirmed, Handling, Sent } from '../journal/index.js';
import { copiesPublished } from './copies.js';
import type { Evidence, Finding } from './evidence.js';
import { groupBy, of } from './select.js';

export interface FanoutOptions {
  /** A server's own queue, by its name. */
  readonly queueOf: (server: string) => string;
}

/** 9: every subscriber gets each fanout once: handled by one of its incarnations, or still standing somewhere for it. */
export function checkFanouts(evidence: Evidence, { queueOf }: FanoutOptions): Finding {
  const { journals, queues } = evidence;
  const subscribers = subscribersOf(evidence, queueOf);
  const runs = groupBy(
    journals.flatMap(({ name, entries }) => of<Handling>(entries, 'handling').map(({ reference }) => ({ name, reference }))),
    ({ reference }) => reference,
  );
  const copies = copiesPublished(evidence.wires);
  const violations: string[] = [];
  let observed = 0;
  for (const { process, entries } of journals) {
    const confirmed = new Set(of<Confirmed>(entries, 'confirmed').map(({ reference }) => reference));
    for (const sent of of<Sent>(entries, 'sent')) {
      if (sent.form !== 'fanout' || !confirmed.has(sent.reference)) continue;
      for (const [server, since] of subscribers) {
        if (since > sent.at) continue;
        observed += 1;
        const times = (runs.get(sent.reference) ?? []).filter(({ name }) => name === server).length;
        const standing = queues
          .filter(({ messages }) => messages.some(({ reference }) => reference === sent.reference))
          .map(({ queue }) => queue);
        const waiting = standing.some((queue) => queue.includes(server) || queue.endsWith('.dead'));
        if (times > (copies.get(sent.reference) ?? 1))
          violations.push(`${server} ran the fanout ${sent.reference} of ${process} ${times} times`);
        else if (times === 0 && !waiting) violations.push(`${server} never got the fanout ${sent.reference} of ${process}`);
      }
    }
  }
  return { invariant: '9 fanouts', observed, violations };
}

/** From when on each server has had a queue of its own. It outlives the process. */
function subscribersOf({ journals, wires }: Evidence, queueOf: FanoutOptions['queueOf']): Map<string, number> {
  const since = new Map<string, number>();
  for (const { process, entries } of wires) {
    const journal = journals.find((candidate) => candidate.process === process);
    if (journal?.role !== 'server') continue;
    const queue = queueOf(journal.name);
    const first = entries.find((entry) => entry.kind === 'consuming' && entry.queue === queue)?.at;
    if (first !== undefined) since.set(journal.name, Math.min(first, since.get(journal.name) ?? Infinity));
  }
  return since;
}
