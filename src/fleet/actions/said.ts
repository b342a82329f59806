import { randomUUID } from 'node:crypto';
import { LynchpinError } from '../../errors/index.js';
import { machineClock, type Entry } from '../../pin/index.js';
import type { FleetParts } from '../parts.js';

/** How long an action may take for the broker's part of it, in ms. */
const TIMEOUT = 10_000;

/** Who acts, why, and for how long they wait. */
export interface ActionOptions {
  /** Who does it, for the record. Default: what the process calls itself. */
  readonly author?: string;
  /** Why, for the record and for everyone who meets it. */
  readonly reason?: string;
  /** How long the broker may take to answer, in ms. Default 10,000. */
  readonly timeout?: number;
}

/** What an action must have that others will ask the reason of. */
export interface ReasonedOptions extends ActionOptions {
  readonly reason: string;
}

/** What every entry says. @param prefix what its id begins with, so that people can tell ids apart. */
export function said(parts: FleetParts, { author, reason = '' }: ActionOptions): Pick<Entry, 'id' | 'author' | 'reason' | 'at'> {
  const given = author?.trim() ?? '';
  return { id: randomUUID(), author: given === '' ? parts.author : given, reason: reason.trim(), at: machineClock.text() };
}

/** @throws LynchpinError `INVALID` when there are no words in it. */
export function checkReason(what: string, reason: unknown): void {
  if (typeof reason === 'string' && reason.trim() !== '') return;
  throw new LynchpinError('INVALID', `to ${what} needs a reason: everyone who meets it will ask for one`, { reason });
}

/**
 * Does a piece of work within a time.
 * @throws LynchpinError `TIMEOUT`, and what the work throws.
 */
export async function bounded<Result>(
  what: string,
  { timeout = TIMEOUT }: Pick<ActionOptions, 'timeout'>,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  if (!(timeout > 0)) throw new LynchpinError('INVALID', `timeout must be above 0 ms, got ${timeout}`, { timeout });
  const signal = AbortSignal.timeout(Math.min(timeout, 2 ** 31 - 1));
  try {
    return await work(signal);
  } catch (error) {
    if (!signal.aborted || LynchpinError.is(error)) throw error;
    throw new LynchpinError('TIMEOUT', `${what} took longer than ${timeout} ms; it may still come about`, { timeout }, { cause: error });
  }
}

/**
 * Has the ledger remember what is done to the fleet. Where the broker has none the action goes unrecorded, and is done.
 * @param target what it is done to: a server, an instance, a queue, a version.
 */
export async function record(
  parts: FleetParts,
  topic: string,
  act: { readonly what: 'drain' | 'forget' | 'prune' | 'rescue'; readonly target: string },
  options: ActionOptions,
  signal: AbortSignal,
): Promise<void> {
  const ledger = parts.ledger(topic);
  if (!(await ledger.ready(signal)).supported) return;
  await ledger.append({ kind: 'acted', ...said(parts, options), ...act }, signal);
}
