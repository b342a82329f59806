import type { Published, WireJournal } from '../proxy/index.js';
import type { Evidence, Finding } from './evidence.js';
import { type Holding, holdingsOf } from './holdings.js';
import { groupBy, of } from './select.js';
import { requestOf } from './version.js';

/** How long the broker may take to notice that a connection broke, in ms: until then it goes on sending there. */
const NOTICE = 1_000;

/** How much later than the broker itself the proxy may see that the broker ends a connection, in ms. */
const SIGHT = 200;

/**
 * 7: a version mismatch never causes a redelivery, and work that never started never looks as if it had. The one way to
 * get a request again is that a connection broke by which its queue was consumed: nobody puts a request back, and nobody
 * leaves in good order with one in hand.
 */
export function checkRedelivery({ wires }: Evidence): Finding {
  const holdings = holdingsOf(wires).filter(({ delivery }) => requestOf(delivery.message) !== undefined);
  const published = wires.flatMap(({ entries }) => of<Published>(entries, 'published'));
  const violations = holdings.flatMap(givenUp);
  const breaks = wires.flatMap(breaksOf);
  const firstPublished = groupBy(published, ({ message }) => message.id);
  for (const { process, delivery } of holdings) {
    if (!delivery.redelivered) continue;
    const { queue, message, at } = delivery;
    const since = Math.min(...(firstPublished.get(message.id ?? '') ?? []).map((entry) => entry.at));
    // The one who had it need not have seen it: what was on its way to a connection that broke comes back as well.
    if (!breaks.some((lost) => lost.queues.has(queue) && lost.at > since - NOTICE && lost.at < at + SIGHT))
      violations.push(`${nameOf(delivery)} was redelivered to ${process}, although no connection that consumed its queue had broken`);
  }
  return { invariant: '7 redelivery', observed: holdings.length, violations: [...violations, ...falseMarks(published, holdings)] };
}

/** A request that its process handed back to the broker as if it had been begun. */
function givenUp({ process, ending, delivery }: Holding): string[] {
  switch (ending) {
    case 'requeued':
      return [`${nameOf(delivery)} was put back on its queue by ${process}: whoever gets it must think that it may have run`];
    case 'channel-closed':
    case 'closed':
      return [
        `${nameOf(delivery)} was left behind by ${process}, which ended its ${ending === 'closed' ? 'connection' : 'channel'} in good order with it in hand`,
      ];
    default:
      return [];
  }
}

/** Connections that broke, with the queues that were consumed by them. */
function breaksOf({ entries }: WireJournal): { readonly at: number; readonly queues: ReadonlySet<string> }[] {
  return entries.flatMap((lost) => {
    if (lost.kind !== 'lost' || lost.clean) return [];
    const queues = entries.flatMap((entry) => (entry.kind === 'consuming' && entry.connection === lost.connection ? [entry.queue] : []));
    return [{ at: lost.at, queues: new Set(queues) }];
  });
}

/** Copies that say that their original was redelivered, when it never was. One that is handed back names its original as an answer does. */
function falseMarks(published: readonly Published[], holdings: readonly Holding[]): string[] {
  const redelivered = new Set(holdings.filter(({ delivery }) => delivery.redelivered).map(({ delivery }) => delivery.message.id));
  return published
    .filter(({ message }) => message.headers?.['lynchpin-redelivered'] === true && !redelivered.has(message.correlation ?? message.id))
    .map(
      ({ message }) =>
        `the copy of ${message.reference ?? message.correlation ?? message.id} says that its original was redelivered, and it was not`,
    );
}

function nameOf({ message, queue }: Holding['delivery']): string {
  return `${message.reference ?? message.id} (${message.type}, from ${queue})`;
}
