import type { Confirmed, Handling, Sent } from '../journal/index.js';
import { copiesPublished } from './copies.js';
import type { Evidence, Finding } from './evidence.js';
import { holdingsOf } from './holdings.js';
import { groupBy, of } from './select.js';

export interface FanoutOptions {
  /** A server's own queue, by its name. */
  readonly queueOf: (server: string) => string;
}

/** 9: every subscriber gets each fanout once: handled by one of its incarnations, or still standing somewhere for it. */
export function checkFanouts(evidence: Evidence, { queueOf }: FanoutOptions): Finding {
  const { journals, queues } = evidence;
  const subscribers = subscribersOf(evidence, queueOf);
  const acknowledged = groupBy(
    holdingsOf(evidence.wires).filter(({ ending }) => ending === 'acked'),
    ({ process, delivery }) => `${process} ${delivery.message.reference}`,
  );
  const runs = groupBy(
    journals.flatMap(({ process, name, entries }) =>
      of<Handling>(entries, 'handling').map(({ reference, at }) => {
        const holdings = acknowledged.get(`${process} ${reference}`) ?? [];
        return { name, reference, settled: holdings.some(({ delivery, until }) => delivery.at <= at && at <= until) };
      }),
    ),
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
        const own = (runs.get(sent.reference) ?? []).filter(({ name }) => name === server);
        const times = own.length;
        // One that was run and not acknowledged, because its server was killed, rightly waits for the server to come back.
        const over = own.filter((one) => one.settled).length;
        const allowed = copies.get(sent.reference) ?? 1;
        const standing = queues
          .filter(({ messages }) => messages.some(({ reference }) => reference === sent.reference))
          .map(({ queue }) => queue);
        const waiting = standing.filter((queue) => queue === queueOf(server) || queue.endsWith(`.parked.${server}`));
        if (times > allowed) violations.push(`${server} ran the fanout ${sent.reference} of ${process} ${times} times`);
        else if (over + waiting.length > allowed)
          violations.push(`${server} ran the fanout ${sent.reference} of ${process}, and it stands on ${waiting.join(', ')} as well`);
        else if (times + waiting.length === 0 && !standing.some((queue) => queue.endsWith('.dead')))
          violations.push(`${server} never got the fanout ${sent.reference} of ${process}`);
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
