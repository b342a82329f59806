import type { LogReader } from '../../broker/index.js';
import { EMPTY_LEDGER, fold, parseEntry, type Entry, type LedgerState } from '../../pin/index.js';
import type { FleetParts } from '../parts.js';
import { mustBeKnown } from './known.js';
import { bounded, type ActionOptions } from './said.js';

/** One entry of a topic's ledger, and what became of it. */
export interface HistoryEntry {
  /** Its place in the log. */
  readonly offset: number;
  /** What it is: `joined`, `hold`, `finalize`; `foreign` for what is no entry, `newer` for what this build does not understand. */
  readonly kind: string;
  /** Who wrote it; undefined where that cannot be read. */
  readonly author: string | undefined;
  /** Why, in the author's words; empty where nothing was said. */
  readonly reason: string;
  /** When, by the author's own clock. */
  readonly at: string | undefined;
  /** What became of it right there. */
  readonly outcome: LedgerState['outcome'];
  /** The entry itself; undefined for what is none. */
  readonly entry: Entry | undefined;
}

/**
 * Everything that the ledger of a topic has, from its beginning to now, the newest last. Empty where the broker has no streams.
 * @throws LynchpinError `TIMEOUT`, `FORBIDDEN`, `CONNECTION`.
 */
export async function history(
  parts: FleetParts,
  topic: string,
  options: Pick<ActionOptions, 'timeout'> = {},
): Promise<readonly HistoryEntry[]> {
  const { ledger: log } = parts.topic(topic);
  await mustBeKnown(parts, topic);
  return bounded(`reading the ledger of ${topic}`, options, async (signal) => {
    const ledger = parts.ledger(topic);
    if (!(await ledger.ready(signal)).supported) return [];
    const { offset: end } = await ledger.look(signal);
    const entries: HistoryEntry[] = [];
    if (end < 0) return entries;
    let state = EMPTY_LEDGER;
    let reader: LogReader | undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
        const onEntry = ({ offset, body }: { readonly offset: number; readonly body: Buffer }): void => {
          const entry = parseEntry(body);
          state = fold(state, entry, offset);
          if (state.offset === offset) entries.push(told(entry, offset, state));
          if (offset >= end) resolve();
        };
        parts.broker.openLog(log, 'first', { onEntry, onLost: reject }).then((opened) => {
          reader = opened;
          if (signal.aborted) void opened.close();
        }, reject);
      });
    } finally {
      await reader?.close();
    }
    return entries;
  });
}

function told(entry: ReturnType<typeof parseEntry>, offset: number, { outcome }: LedgerState): HistoryEntry {
  if (entry.kind === 'foreign' || entry.kind === 'newer')
    return { offset, kind: entry.kind, author: undefined, reason: '', at: undefined, outcome, entry: undefined };
  const { kind, author, reason, at } = entry;
  return { offset, kind, author, reason, at, outcome, entry };
}
