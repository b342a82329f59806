import type { Work } from './work.js';

/** Bounds how many handlers run at a time; what comes beyond waits its turn and counts as never started. */
export class Desk {
  readonly #waiting = new Set<Work>();
  #running = 0;
  #idle: (() => void)[] = [];
  #open = true;
  #starting = false;

  constructor(
    readonly concurrency: number,
    /** Runs the handler, and calls `done` once when nothing more is owed. */
    readonly run: (work: Work, done: () => void) => void,
  ) {}

  get running(): number {
    return this.#running;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  /** Starts the work, now or in its turn. */
  take(work: Work): void {
    this.#waiting.add(work);
    this.#startWaiting();
  }

  /** Takes work back that has not started. Answers whether it had not. */
  withdraw(work: Work): boolean {
    return this.#waiting.delete(work);
  }

  /** Hands over what never started. */
  clear(): readonly Work[] {
    const rest = [...this.#waiting];
    this.#waiting.clear();
    return rest;
  }

  /** Starts nothing more, and hands over what never started. */
  stop(): readonly Work[] {
    this.#open = false;
    return this.clear();
  }

  /** Resolves when no handler runs. */
  idle(): Promise<void> {
    return this.#running === 0 ? Promise.resolve() : new Promise((resolve) => this.#idle.push(resolve));
  }

  readonly #done = (): void => {
    this.#running--;
    this.#startWaiting();
    if (this.#running > 0) return;
    const idle = this.#idle;
    this.#idle = [];
    for (const resolve of idle) resolve();
  };

  /** A loop, not a recursion: what waits may be over as soon as it is begun, thousands in a row. */
  #startWaiting(): void {
    if (this.#starting) return;
    this.#starting = true;
    for (const work of this.#waiting) {
      if (!this.#open || this.#running >= this.concurrency) break;
      this.#waiting.delete(work);
      this.#running++;
      this.run(work, this.#done);
    }
    this.#starting = false;
  }
}
