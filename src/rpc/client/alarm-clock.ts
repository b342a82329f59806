/** Something that wants to be woken. */
export interface Sleeper {
  /** When, on the scale of `performance.now()`. It may move while it sleeps. */
  readonly wakeAt: number;
  /** Called once that time has come; whoever does not remove itself sleeps on until its new time. */
  wake(): void;
  /** The clock stops: it will not be woken any more. */
  stopped(cause: Error): void;
}

/** The longest that a timer of Node can wait, in ms. */
const LONGEST = 2 ** 31 - 1;

/**
 * Wakes many with one timer. Nearly every call is answered long before its deadline, and setting a timer for each costs
 * more than the call's bookkeeping together; here a call that is answered in time costs a set's insertion and removal.
 * The timer does not keep the process alive: the connection does, until it is closed.
 */
export class AlarmClock<Kind extends Sleeper = Sleeper> {
  readonly #sleepers = new Set<Kind>();
  #timer: NodeJS.Timeout | undefined;
  #due = Infinity;

  /** Those who sleep. */
  get sleepers(): Iterable<Kind> {
    return this.#sleepers;
  }

  add(sleeper: Kind): void {
    this.#sleepers.add(sleeper);
    this.#wakeBy(sleeper.wakeAt);
  }

  remove(sleeper: Kind): void {
    this.#sleepers.delete(sleeper);
  }

  /** Wakes nobody any more, and tells those who sleep. */
  stop(cause: Error): void {
    clearTimeout(this.#timer);
    this.#due = Infinity;
    for (const sleeper of this.#sleepers) sleeper.stopped(cause);
    this.#sleepers.clear();
  }

  #wakeBy(time: number): void {
    if (time >= this.#due) return;
    this.#due = time;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#ring(), Math.min(LONGEST, Math.max(1, Math.ceil(time - performance.now())))).unref();
  }

  #ring(): void {
    this.#due = Infinity;
    const now = performance.now();
    let next = Infinity;
    for (const sleeper of this.#sleepers) {
      if (sleeper.wakeAt <= now) sleeper.wake();
      if (this.#sleepers.has(sleeper)) next = Math.min(next, sleeper.wakeAt);
    }
    this.#wakeBy(next);
  }
}
