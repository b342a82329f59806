import { LynchpinError } from '../errors/index.js';
import { Backoff, pause } from '../rpc/index.js';
import type { Membership } from './membership.js';

const RETRY = { first: 50, most: 5_000 };

/**
 * - `out`: not a member yet, or not any more; it is on its way in.
 * - `in`: a member, or there is no ledger to be a member of.
 * - `refused`: too old for what is final. It does not try again.
 */
export type AttendanceState = 'out' | 'in' | 'refused';

/** Keeps a client a member of its topic for as long as it lives. Servers do this as part of their joining. */
export class Attendance {
  #state: AttendanceState = 'out';
  /** Why it is not in; undefined while it is. */
  #cause: unknown;
  readonly #leaving = new AbortController();
  readonly #membership: Membership;
  readonly #listeners = new Set<(state: AttendanceState) => void>();
  readonly #keeping: Promise<void>;
  #first: (() => void)[] = [];
  #tried = false;

  constructor(membership: Membership) {
    this.#membership = membership;
    this.#keeping = this.#keep();
  }

  get state(): AttendanceState {
    return this.#state;
  }

  /** Why it was refused, or not admitted so far. */
  get cause(): unknown {
    return this.#cause;
  }

  /** The life under which it is a member now. */
  get member(): Membership['member'] {
    return this.#membership.member;
  }

  /** Called on every change of state; answers a function that stops it. */
  watch(listener: (state: AttendanceState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Resolves once the first attempt has come to something, and after `within` ms in any case. */
  async settled(within: number): Promise<void> {
    if (this.#tried) return;
    const enough = new AbortController();
    await Promise.race([new Promise<void>((resolve) => this.#first.push(resolve)), pause(within, enough.signal)]);
    enough.abort();
  }

  async close(): Promise<void> {
    this.#leaving.abort(new LynchpinError('CLOSED', 'the client is closed'));
    for (const resolve of this.#first.splice(0)) resolve();
    // It may be admitted just now: leaving comes after that.
    await this.#keeping;
    await this.#membership.leave();
  }

  async #keep(): Promise<void> {
    const { signal } = this.#leaving;
    const backoff = new Backoff(RETRY.first, RETRY.most);
    const left = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    while (!signal.aborted) {
      try {
        const { lost } = await this.#membership.enter(signal);
        backoff.reset();
        this.#become('in', undefined);
        await Promise.race([lost, left]);
        if (!signal.aborted) this.#become('out', await lost);
      } catch (error) {
        if (signal.aborted) return;
        if (LynchpinError.is(error, 'TOO_OLD')) return this.#become('refused', error);
        this.#become('out', error);
        await backoff.wait(signal);
      }
    }
  }

  #become(state: AttendanceState, cause: unknown): void {
    this.#cause = cause;
    const changed = state !== this.#state;
    this.#state = state;
    this.#tried = true;
    for (const resolve of this.#first.splice(0)) resolve();
    if (changed) for (const listener of Array.from(this.#listeners)) listener(state);
  }
}
