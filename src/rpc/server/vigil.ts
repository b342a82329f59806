import { LynchpinError } from '../../errors/index.js';
import type { Served } from './served.js';

/** How often running requests are looked at, in ms. */
const LOOK = 50;

/**
 * Watches over the requests whose handlers run: fires their signal at the deadline, and gives their callers signs of
 * life. One timer for all of them, and none while nothing runs: most requests are over before it looks.
 */
export class Vigil {
  readonly #served = new Set<Served>();
  #timer: NodeJS.Timeout | undefined;

  constructor(
    /** Between signs of life, in ms, where the caller does not need them sooner. */
    readonly interval: number,
    readonly beat: (served: Served) => void,
  ) {}

  add(served: Served): void {
    this.#served.add(served);
    this.#timer ??= setInterval(() => this.#look(), Math.min(LOOK, this.interval));
  }

  remove(served: Served): void {
    this.#served.delete(served);
  }

  /** Fires the signal of one request, if it runs here. */
  cancel(id: string, reason: LynchpinError): void {
    for (const served of this.#served) if (served.id === id) served.cancel(reason);
  }

  /** Fires the signals of all. */
  cancelAll(reason: LynchpinError): void {
    for (const served of this.#served) served.cancel(reason);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #look(): void {
    if (this.#served.size === 0) return this.stop();
    const now = performance.now();
    for (const served of this.#served) {
      if (now >= served.deadline) {
        served.cancel(
          new LynchpinError('TIMEOUT', `the deadline of ${served.method} has passed: nobody waits for it any more`, {
            method: served.method,
            id: served.id,
          }),
        );
      }
      if (served.work.replyTo !== undefined && now - served.beaten >= Math.min(this.interval, served.beatEvery)) {
        served.beaten = now;
        this.beat(served);
      }
    }
  }
}
