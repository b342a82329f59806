import type { Broker } from '../broker/index.js';
import { LynchpinError } from '../errors/index.js';
import { Backoff, pause, type Admission } from '../rpc/index.js';
import type { Membership } from './membership.js';

const RETRY = { first: 50, most: 5_000 };
/** How long a client that wants to send waits for the ledger, in ms. Then it goes on, at a pin that nothing raises. */
const PATIENCE = 2_000;

/**
 * - `out`: not a member yet, not any more, or not known to be one since a connection was lost; it is on its way in.
 * - `in`: a member, or there is no ledger to be a member of.
 * - `refused`: too old for what is final. It does not try again.
 */
export type AttendanceState = 'out' | 'in' | 'refused';

/** Keeps a client a member of its topic for as long as it lives. Servers do this as part of their joining. */
export class Attendance implements Admission {
  #state: AttendanceState = 'out';
  /** Why it is not in; undefined while it is. */
  #cause: unknown;
  readonly #leaving = new AbortController();
  readonly #membership: Membership;
  readonly #listeners = new Set<(state: AttendanceState) => void>();
  readonly #unwatch: () => void;
  readonly #keeping: Promise<void>;
  #tried = false;
  /** It has entered, and its place was not lost as far as it knows. */
  #entered = false;
  #doubts = 0;

  /** @param broker where a lost connection is noticed; without one, only by the end of the process's life. */
  constructor(membership: Membership, broker?: Broker) {
    this.#membership = membership;
    this.#unwatch =
      broker?.watch((state, cause) => {
        if (state === 'down' && this.#entered) void this.#confirm(cause);
      }) ?? (() => undefined);
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

  watchDoubt(listener: () => void): () => void {
    return this.watch((state) => state !== 'in' && listener());
  }

  async admitted(signal: AbortSignal): Promise<void> {
    if (this.#state === 'out') await this.#until(() => this.#state !== 'out', PATIENCE, signal);
    if (this.#state === 'refused') throw this.#cause;
    signal.throwIfAborted();
  }

  /** Resolves once the first attempt has come to something, and after `within` ms in any case. */
  async settled(within: number): Promise<void> {
    if (!this.#tried) await this.#until(() => this.#tried, within, this.#leaving.signal);
  }

  async close(): Promise<void> {
    this.#unwatch();
    this.#leaving.abort(new LynchpinError('CLOSED', 'the client is closed'));
    // It may be admitted just now: leaving comes after that.
    await this.#keeping;
    await this.#membership.leave();
    this.#listeners.clear();
  }

  async #keep(): Promise<void> {
    const { signal } = this.#leaving;
    const backoff = new Backoff(RETRY.first, RETRY.most);
    const left = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    while (!signal.aborted) {
      try {
        const { lost } = await this.#membership.enter(signal);
        backoff.reset();
        this.#entered = true;
        void lost.then(() => {
          this.#entered = false;
        });
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

  /** A connection was lost: whether it is a member still, it asks before it goes on. */
  async #confirm(cause: Error | undefined): Promise<void> {
    const doubt = ++this.#doubts;
    const { signal } = this.#leaving;
    const backoff = new Backoff(RETRY.first, RETRY.most);
    this.#become('out', cause);
    while (!signal.aborted && this.#entered && doubt === this.#doubts) {
      try {
        await this.#membership.confirm(signal);
        if (this.#entered && doubt === this.#doubts) this.#become('in', undefined);
        return;
      } catch {
        await backoff.wait(signal);
      }
    }
  }

  /** Waits until that is so, but no longer than `within` ms, nor than until the signal fires. */
  async #until(is: () => boolean, within: number, signal: AbortSignal): Promise<void> {
    const enough = new AbortController();
    const stop = this.watch(() => is() && enough.abort());
    const tell = (): void => enough.abort();
    signal.addEventListener('abort', tell, { once: true });
    if (!signal.aborted) await pause(within, enough.signal);
    signal.removeEventListener('abort', tell);
    stop();
  }

  #become(state: AttendanceState, cause: unknown): void {
    this.#cause = cause;
    const first = !this.#tried;
    const changed = state !== this.#state;
    this.#state = state;
    this.#tried = true;
    if (changed || first) for (const listener of Array.from(this.#listeners)) listener(state);
  }
}
