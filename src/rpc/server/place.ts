/**
 * A server's place among the members of its topic, as those see it who answer and publish for it. While it is lost they wait: a
 * version above the server's own may have become final meanwhile, and then nobody wants what it has to say.
 */
export class Place {
  #lost: Promise<boolean> | undefined;
  #settle: ((kept: boolean) => void) | undefined;
  #forfeited = false;

  /** Whether it is lost, for now or for good. */
  get lost(): boolean {
    return this.#lost !== undefined;
  }

  /** Whether it is lost for good. */
  get forfeited(): boolean {
    return this.#forfeited;
  }

  /** Whether the server has its place, once that is known. */
  async kept(): Promise<boolean> {
    return (await this.#lost) ?? true;
  }

  lose(): void {
    this.#lost ??= new Promise((resolve) => {
      this.#settle = resolve;
    });
  }

  /** It has the place again, or leaves of its own will. */
  regain(): void {
    if (this.#forfeited) return;
    this.#settle?.(true);
    this.#lost = undefined;
  }

  /** It was refused. */
  forfeit(): void {
    this.lose();
    this.#forfeited = true;
    this.#settle?.(false);
  }
}
