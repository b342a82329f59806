import { pauseBefore } from '../broker/index.js';

/** The longest that a timer of Node waits, in ms; what is longer it does not wait at all. */
const LONGEST = 2 ** 31 - 1;

/** Pauses between attempts: each twice as long as the one before, up to a bound, and drawn from its upper half so that processes do not march in step. */
export class Backoff {
  #attempt = 0;

  /** @param first and most in ms. */
  constructor(
    readonly first: number,
    readonly most: number,
  ) {}

  /** Forgets earlier failures. */
  reset(): void {
    this.#attempt = 0;
  }

  /** The next pause in ms. */
  next(): number {
    return pauseBefore(this.#attempt++, this);
  }

  /** Waits for the next pause, or until the signal fires. */
  wait(signal?: AbortSignal): Promise<void> {
    return pause(this.next(), signal);
  }
}

/** Resolves after `ms`, or as soon as the signal fires. It never rejects: whoever waits looks at the signal itself. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) {
      resolve();
      return;
    }
    const done = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, Math.min(ms, LONGEST));
    signal?.addEventListener('abort', done, { once: true });
  });
}
