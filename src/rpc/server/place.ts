import type { Broker } from '../../broker/index.js';
import { LynchpinError } from '../../errors/index.js';
import { Backoff } from '../backoff.js';
import { unlessAborted } from '../unless.js';
import type { Admitted, Gate } from './gate.js';

/** A question whose answer is not there yet. */
interface Doubt {
  readonly answer: Promise<boolean>;
  readonly settle: (kept: boolean) => void;
}

/**
 * A server's place among the members of its topic. While it is in doubt nothing that the server has done leaves it: a
 * version above its own may have become final meanwhile. It is in doubt from the moment that a connection is lost until the
 * server has joined anew, or the ledger has said afterwards that it is a member still.
 */
export class Place {
  readonly #gate: Gate;
  readonly #closing = new AbortController();
  readonly #unwatch: () => void;
  /** Undefined normally: that is all that the hot path looks at. */
  #doubt: Doubt | undefined;
  #doubts = 0;
  #admitted: Admitted | undefined;
  #alone = false;
  #refused = false;

  constructor(broker: Broker, gate: Gate) {
    this.#gate = gate;
    this.#unwatch = broker.watch((state) => {
      if (state === 'down' && this.#admitted !== undefined) void this.#askAgain();
    });
  }

  /** Whether it is lost for good: the server was refused. */
  get forfeited(): boolean {
    return this.#refused;
  }

  /** Whether nothing speaks against it. */
  get sure(): boolean {
    return this.#doubt === undefined;
  }

  /**
   * Takes the place, anew after each loss.
   * @throws LynchpinError `TOO_OLD` for good, and then the doubt ends too; anything else may be tried again. The signal's reason.
   */
  async enter(signal: AbortSignal): Promise<Admitted> {
    try {
      const admitted = await this.#gate.enter(signal);
      this.#admitted = admitted;
      void admitted.lost.then(() => this.#admitted === admitted && this.#lose());
      this.#settle(true);
      return admitted;
    } catch (error) {
      this.#refused = LynchpinError.is(error, 'TOO_OLD');
      if (this.#refused) this.#settle(false);
      throw error;
    }
  }

  /** Waits until it is sure. Answers false when the server is refused, or has left, instead. @throws the signal's reason. */
  async assured(signal?: AbortSignal): Promise<boolean> {
    while (this.#doubt !== undefined) {
      const { answer } = this.#doubt;
      if (!(await (signal === undefined ? answer : unlessAborted(answer, signal)))) return false;
    }
    return true;
  }

  /** From now on the server joins no more, but it still has something to say. */
  stay(): void {
    this.#alone = true;
    if (!this.sure && !this.#refused) void this.#askAgain();
  }

  /** Gives it up. */
  async leave(): Promise<void> {
    this.#unwatch();
    this.#closing.abort();
    await this.#gate.leave();
    this.#settle(false);
  }

  #lose(): void {
    this.#admitted = undefined;
    this.#wonder();
    if (this.#alone) void this.#askAgain();
  }

  /** Asks the ledger whether it is a member still, as soon as it can be asked. */
  async #askAgain(): Promise<void> {
    const doubt = ++this.#doubts;
    this.#wonder();
    const { signal } = this.#closing;
    const backoff = new Backoff(20, 2_000);
    while (!signal.aborted && doubt === this.#doubts && this.#doubt !== undefined) {
      try {
        if (this.#admitted === undefined && this.#alone) await this.enter(signal);
        else await this.#gate.confirm(signal);
        if (doubt === this.#doubts && this.#admitted !== undefined) this.#settle(true);
        return;
      } catch (error) {
        if (LynchpinError.is(error, 'TOO_OLD', 'CLOSED')) return;
        await backoff.wait(signal);
      }
    }
  }

  #wonder(): void {
    if (this.#doubt !== undefined) return;
    let settle!: (kept: boolean) => void;
    const answer = new Promise<boolean>((resolve) => {
      settle = resolve;
    });
    this.#doubt = { answer, settle };
  }

  #settle(kept: boolean): void {
    const doubt = this.#doubt;
    if (doubt === undefined) return;
    // Who was refused, or has left, stays in doubt for ever: nothing of it is wanted.
    if (kept) this.#doubt = undefined;
    doubt.settle(kept);
  }
}
