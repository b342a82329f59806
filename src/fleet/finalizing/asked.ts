import { EMPTY_LEDGER, noLedger, type LedgerState, type TopicLedger } from '../../pin/index.js';
import { pause } from '../../rpc/index.js';

/** How long the first entry of a log may take to come, in ms. */
const FIRST = { most: 1_000, pace: 50 } as const;

/**
 * Reads a topic's ledger up to now.
 * @throws LynchpinError `NO_LEDGER`, `CLOSED`; the signal's reason.
 */
export async function readUp(ledger: TopicLedger, signal: AbortSignal): Promise<LedgerState> {
  const support = await ledger.ready(signal);
  if (!support.supported) throw noLedger(ledger.topic, support.reason);
  const begun = performance.now();
  let state = await ledger.look(signal);
  // A log that seems to be empty may be one that is slow to begin.
  while (state.offset === EMPTY_LEDGER.offset && performance.now() - begun < FIRST.most && !signal.aborted) {
    await pause(FIRST.pace, signal);
    ({ state } = ledger);
  }
  return state;
}
