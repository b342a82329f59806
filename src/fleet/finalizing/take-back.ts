import { LynchpinError } from '../../errors/index.js';
import { floorOf, type Floor, type LedgerState, type Prepared } from '../../pin/index.js';
import { bounded, checkReason, mustBeKnown, said, type ReasonedOptions } from '../actions/index.js';
import type { FleetParts } from '../parts.js';
import { readUp } from './asked.js';

/** A finalization that was taken back. */
export interface Unfinalized {
  /** The topic that it was final on. */
  readonly topic: string;
  /** What is not final any more. */
  readonly taken: Floor;
  /** What is final now: the version that was so before; undefined when there was none. */
  readonly now: Floor | undefined;
}

/** What became of a finalization that somebody wanted to give up. */
export interface Aborted {
  /** The topic that it was under way on. */
  readonly topic: string;
  /**
   * - `aborted`: it was given up, and its version is not final.
   * - `nothing`: none was under way.
   * - `final`: it was final before.
   */
  readonly outcome: 'aborted' | 'nothing' | 'final';
  /** What was under way. */
  readonly prepared: Prepared | undefined;
  /** What is final now. */
  readonly now: Floor | undefined;
}

/** Takes the last finalization back: see `Fleet.unfinalize`. */
export async function unfinalize(parts: FleetParts, topic: string, options: ReasonedOptions): Promise<Unfinalized> {
  checkReason(`unfinalize ${topic}`, options.reason);
  await mustBeKnown(parts, topic);
  const ledger = parts.ledger(topic);
  return bounded(`taking back what is final on ${topic}`, options, async (signal) => {
    const taken = floorOf(await readUp(ledger, signal));
    if (taken === undefined)
      throw new LynchpinError('NOT_FINAL', `nothing is final on topic ${topic}, so nothing is taken back`, { topic });
    const { state } = await ledger.append({ kind: 'unfinalize', ...said(parts, options), epoch: taken.epoch }, signal);
    if (state.outcome.kind === 'counted') return { topic, taken, now: floorOf(state) };
    const text = `${taken.version} of topic ${topic} was final until a moment ago: somebody else has taken it back, or made a higher version final, so this was not done; look at what is final now, and decide anew`;
    throw new LynchpinError('NOT_FINAL', text, { topic, version: taken.version, now: floorOf(state)?.version });
  });
}

/** Gives up what is being finalized: see `Fleet.abort`. */
export async function abort(parts: FleetParts, topic: string, options: ReasonedOptions): Promise<Aborted> {
  checkReason(`abort ${topic}`, options.reason);
  await mustBeKnown(parts, topic);
  const ledger = parts.ledger(topic);
  return bounded(`giving up what is being finalized on ${topic}`, options, async (signal) => {
    const { prepared, ...before } = await readUp(ledger, signal);
    if (prepared === undefined) return { topic, outcome: 'nothing', prepared, now: before.floors.at(-1) };
    const { state } = await ledger.append({ kind: 'abort', ...said(parts, options), epoch: prepared.epoch }, signal);
    return { topic, outcome: wasFinal(state, prepared) ? 'final' : 'aborted', prepared, now: floorOf(state) };
  });
}

function wasFinal(state: LedgerState, { epoch }: Prepared): boolean {
  return state.floors.some((floor) => floor.epoch === epoch);
}
