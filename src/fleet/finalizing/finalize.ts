import { randomUUID } from 'node:crypto';
import { LynchpinError } from '../../errors/index.js';
import { canFinalize, floorOf, machineClock, type Floor, type TopicLedger } from '../../pin/index.js';
import type { Version } from '../../versions/index.js';
import { checkReason, mustBeKnown, said, type ReasonedOptions } from '../actions/index.js';
import type { FleetParts } from '../parts.js';
import { Absences } from './absences.js';
import { drive, type Driven } from './drive.js';
import { Epoch } from './epoch.js';
import { standing, type Obstacle } from './obstacles.js';
import { readUp } from './asked.js';
import { notFinal } from './refusal.js';
import { survey } from './survey.js';

/** What a finalization is doing, and whom it waits for. */
export interface FinalizeProgress {
  /**
   * - `looking`: who is there, before anything is begun.
   * - `preparing`, `acknowledging`: everyone is asked, and says that it reads the version.
   * - `counting`: nobody may be there who was not asked.
   * - `finalizing`: the record is being written.
   * - `giving-up`: not everyone came along; what was begun is taken back.
   */
  readonly phase: 'looking' | 'preparing' | 'acknowledging' | 'counting' | 'finalizing' | 'giving-up';
  /** Who or what keeps it from going on; empty while it does. */
  readonly waitingFor: readonly Obstacle[];
}

/** Options of `bus.fleet.finalize`. */
export interface FinalizeOptions extends ReasonedOptions {
  /** How long it may take, in ms, up to 240,000. Default 60,000. */
  readonly timeout?: number;
  /** Told whenever it goes on, or waits for somebody else. */
  readonly onProgress?: (progress: FinalizeProgress) => void;
}

/** A version that is final. */
export interface Finalized extends Floor {
  /** The topic that it is final on. */
  readonly topic: string;
  /** Whether this very call has prepared it. Otherwise somebody else had, before or at the same time. */
  readonly ours: boolean;
}

const TIMEOUT = { usual: 60_000, most: 240_000 } as const;
/** How long giving up waits for the ledger, in ms. */
const GIVING_UP = 10_000;

/**
 * Makes a version final: see `Fleet.finalize`.
 */
export async function finalize(parts: FleetParts, topic: string, version: Version, options: FinalizeOptions): Promise<Finalized> {
  const { timeout = TIMEOUT.usual } = options;
  const { author } = said(parts, options);
  const clock = parts.clock ?? machineClock;
  checkReason(`finalize ${topic}`, options.reason);
  if (!(timeout > 0 && timeout <= TIMEOUT.most)) {
    throw new LynchpinError('INVALID', `timeout must be above 0 and at most ${TIMEOUT.most} ms, got ${timeout}`, { timeout });
  }
  await mustBeKnown(parts, topic);
  const signal = AbortSignal.timeout(timeout);
  const ledger = parts.ledger(topic);
  const absences = new Absences(parts.broker, clock);
  const onProgress = changes(options.onProgress);
  try {
    const means = { parts, ledger, absences, clock, author, onProgress };
    await looked(ledger, signal, topic, version);
    const found = await survey({ ...means, version }, signal);
    switch (found.kind) {
      case 'final':
        return { topic, ...found.floor, ours: false };
      case 'refused':
        throw notFinal(topic, version, 'refused', 'and was not begun', found.points);
      case 'late':
        throw notFinal(topic, version, 'timeout', `and was not begun within ${timeout} ms`, found.points);
      case 'prepared':
      case 'clear':
    }
    onProgress('preparing', []);
    const entry = { kind: 'prepare', ...said(parts, options), version } as const;
    // Somebody else may have prepared it just before: then this call sees that one through.
    const { state, offset } = await ledger.append(entry, AbortSignal.timeout(timeout));
    if (state.prepared === undefined || state.prepared.version !== version) {
      const floor = floorOf(state);
      if (floor?.version === version) return { topic, ...floor, ours: false };
      const points = canFinalize(state, version).missing.flatMap((one) => standing(one) ?? []);
      throw notFinal(topic, version, 'refused', 'and was not begun', points);
    }
    const { epoch: at, author: preparer } = state.prepared;
    const epoch = new Epoch(ledger, at);
    try {
      const driven = await drive({ ...means, epoch }, signal);
      if (driven.kind === 'final') return { topic, ...driven.floor, ours: at === offset };
      if (driven.kind === 'over') throw given(topic, version, driven);
      if (at !== offset) {
        const why = `it is under way: ${preparer} has prepared it, and it goes on`;
        throw notFinal(topic, version, 'pending', why, driven.points);
      }
      onProgress('giving-up', driven.points);
      return { topic, ...(await giveUp(ledger, epoch, version, author, driven, timeout)), ours: true };
    } finally {
      epoch.close();
    }
  } finally {
    absences.close();
  }
}

/** Takes back what was prepared; answers the floor if it became final all the same. */
async function giveUp(
  ledger: TopicLedger,
  epoch: Epoch,
  version: Version,
  author: string,
  { kind, points }: Extract<Driven, { kind: 'blocked' | 'undecided' }>,
  timeout: number,
): Promise<Floor> {
  const { topic } = ledger;
  const [outcome, why] =
    kind === 'blocked'
      ? (['refused', 'a member that reads less has joined'] as const)
      : (['timeout', `not everyone came along within ${timeout} ms`] as const);
  const entry = { kind: 'abort', id: randomUUID(), author, reason: why, at: machineClock.text(), epoch: epoch.epoch } as const;
  try {
    await ledger.append(entry, AbortSignal.timeout(GIVING_UP));
  } catch (cause) {
    if (!LynchpinError.is(cause, 'CLOSED') && epoch.decision === undefined) {
      const pending = 'and could not be given up: it is under way until live servers have finished it or given it up';
      throw notFinal(topic, version, 'pending', `${why}, ${pending}`, points);
    }
    if (epoch.decision === undefined) throw cause;
  }
  const { decision } = epoch;
  if (decision?.kind === 'final') return decision.floor;
  if (decision?.by !== undefined && decision.by.reason !== why) throw given(topic, version, decision);
  throw notFinal(topic, version, outcome, `${why}, and it was given up`, points);
}

function given(topic: string, version: Version, { by }: Extract<Driven, { kind: 'over' }>): LynchpinError {
  if (by?.kind === 'hold') return notFinal(topic, version, 'held', `${by.author} put a hold on it meanwhile (${by.reason})`, []);
  const who = by === undefined ? 'it was given up' : `${by.author} gave it up (${by.reason})`;
  return notFinal(topic, version, 'aborted', who, []);
}

/** @throws LynchpinError `NO_LEDGER`; `NOT_FINAL` when it cannot be read in time. */
async function looked(ledger: TopicLedger, signal: AbortSignal, topic: string, version: Version): Promise<void> {
  try {
    await readUp(ledger, signal);
  } catch (error) {
    if (LynchpinError.is(error)) throw error;
    const why = `the ledger could not be read in time${ledger.problem === undefined ? '' : ` (${ledger.problem.message})`}`;
    throw notFinal(topic, version, 'timeout', why, []);
  }
}

/** Passes on what is new. */
function changes(listener: FinalizeOptions['onProgress']): (phase: FinalizeProgress['phase'], waitingFor: readonly Obstacle[]) => void {
  let last = '';
  return (phase, waitingFor) => {
    const text = JSON.stringify([phase, waitingFor.map(({ kind, who }) => [kind, who])]);
    if (text === last) return;
    last = text;
    listener?.({ phase, waitingFor });
  };
}
