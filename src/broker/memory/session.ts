import type { Wire } from './wire.js';

/** One connection of one broker to the hub. It ends once; the next connection is another session. */
export class Session {
  readonly wire: Wire;
  #open = true;
  readonly #waiting = new Set<(cause: Error) => void>();
  readonly #dependants = new Set<(cause: Error) => void>();

  constructor(wire: Wire) {
    this.wire = wire;
  }

  get open(): boolean {
    return this.#open;
  }

  /** Has the hub do something and brings back its answer, or the cause of the session's end, whichever is first. */
  ask<T>(work: () => T, whenLost: () => Error): Promise<T> {
    return new Promise((resolve, reject) => {
      if (!this.#open) {
        reject(whenLost());
        return;
      }
      const fail = (): void => reject(whenLost());
      this.#waiting.add(fail);
      const answer = (settle: () => void): void =>
        this.wire.post(() => {
          if (this.#waiting.delete(fail)) settle();
        });
      this.wire.post(() => {
        if (!this.#open) return;
        try {
          const result = work();
          answer(() => resolve(result));
        } catch (error) {
          answer(() => reject(error));
        }
      });
    });
  }

  /** Has the hub do something, without an answer. */
  tell(work: () => void): void {
    if (this.#open) this.wire.post(() => this.#open && work());
  }

  /** Ties something to this session's life; answers a function that unties it. */
  attach(onEnd: (cause: Error) => void): () => void {
    this.#dependants.add(onEnd);
    return () => this.#dependants.delete(onEnd);
  }

  end(cause: Error): void {
    if (!this.#open) return;
    this.#open = false;
    for (const fail of this.#waiting) fail(cause);
    this.#waiting.clear();
    for (const lose of this.#dependants) lose(cause);
    this.#dependants.clear();
  }
}
