/** Counts what is under way, so that whoever closes can wait for it. */
export class UnderWay {
  #count = 0;
  #waiting: (() => void)[] = [];
  readonly #settle = (): void => {
    this.#count--;
    if (this.#count > 0) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  };

  /** How much is under way. */
  get count(): number {
    return this.#count;
  }

  /** Counts a promise until it settles, and hands it on. */
  track<Result>(promise: Promise<Result>): Promise<Result> {
    this.#count++;
    promise.then(this.#settle, this.#settle);
    return promise;
  }

  /** Resolves when nothing is under way. */
  async settled(): Promise<void> {
    while (this.#count > 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }
}
