import type { Decoded, Handling } from '../journal/index.js';
import type { Delivered } from '../proxy/index.js';
import type { Evidence, Finding } from './evidence.js';
import { groupBy, of } from './select.js';
import { bodyVersion, inWindow } from './version.js';

const LANE = /@(\d+\.\d+)$/;

/**
 * 1: no handler runs, and no decode is tried, with a version outside its build's window; and the broker never hands a
 * process anything from a lane outside it.
 */
export function checkWindow({ journals, wires }: Evidence): Finding {
  const violations: string[] = [];
  let observed = 0;
  for (const journal of journals) {
    const { process, window } = journal;
    const bounds = `reads ${window.floor} to ${window.version}`;
    const deliveries = wires.filter((wire) => wire.process === process).flatMap((wire) => of<Delivered>(wire.entries, 'delivered'));
    for (const entry of of<Handling>(journal.entries, 'handling')) {
      observed += 1;
      if (!inWindow(window, entry.version))
        violations.push(`${process} ${bounds} and ran ${entry.method} at ${entry.version} (${entry.reference})`);
    }
    for (const { queue, message } of deliveries) {
      const lane = LANE.exec(queue)?.[1];
      if (lane !== undefined && !inWindow(window, lane))
        violations.push(`${process} ${bounds} and was handed ${message.reference ?? message.id} from ${queue}`);
    }
    violations.push(
      ...unreadableDecoded(
        of<Decoded>(journal.entries, 'decoded'),
        deliveries,
        (version) => inWindow(window, version),
        `${process} ${bounds}`,
      ),
    );
  }
  return { invariant: '1 window', observed, violations };
}

/** What was parsed although, up to then, it had come at versions only that the build does not read. */
function unreadableDecoded(
  decodes: readonly Decoded[],
  deliveries: readonly Delivered[],
  reads: (version: string) => boolean,
  who: string,
): string[] {
  const byReference = groupBy(deliveries, ({ message }) => message.reference);
  return decodes.flatMap(({ reference, at }) => {
    const versions = (byReference.get(reference) ?? [])
      .filter((delivery) => delivery.at <= at)
      .map(({ message }) => bodyVersion(message))
      .filter((version) => version !== undefined);
    return versions.length === 0 || versions.some(reads) ? [] : [`${who} and decoded ${reference} at ${versions.join(', ')}`];
  });
}
