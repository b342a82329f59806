import type { Work } from './work.js';

/** Bounds how many handlers run at a time; what comes beyond waits its turn and counts as never started. */
export class Desk {
  readonly #waiting = new Set<Work>();
  #running = 0;
  #idle: (() => void)[] = [];
  #open = true;

  constructor(
    readonly concurrency: number,
    /** Runs the handler; resolves when nothing more is owed, and never rejects. */
    readonly run: (work: Work) => Promise<void>,
  ) {}

  get running(): number {
    return this.#running;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  /** Starts the work, now or in its turn. */
  take(work: Work): void {
    if (this.#open && this.#running < this.concurrency) this.#start(work);
    else this.#waiting.add(work);
  }

  /** Takes work back that has not started. Answers whether it had not. */
  withdraw(work: Work): boolean {
    return this.#waiting.delete(work);
  }

  /** Starts nothing more, and hands over what never started. */
  stop(): readonly Work[] {
    this.#open = false;
    const rest = [...this.#waiting];
    this.#waiting.clear();
    return rest;
  }

  /** Resolves when no handler runs. */
  idle(): Promise<void> {
    return this.#running === 0 ? Promise.resolve() : new Promise((resolve) => this.#idle.push(resolve));
  }

  #start(work: Work): void {
    this.#running++;
    void this.run(work).then(() => this.#finished());
  }

  #finished(): void {
    this.#running--;
    if (this.#open) {
      for (const next of this.#waiting) {
        this.#waiting.delete(next);
        this.#start(next);
        break;
      }
    }
    if (this.#running > 0) return;
    const idle = this.#idle;
    this.#idle = [];
    for (const resolve of idle) resolve();
  }
}
