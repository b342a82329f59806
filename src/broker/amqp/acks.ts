/** What to tell the broker: everything up to a tag, and single tags beyond it. */
export interface Acknowledgements {
  /** Acknowledge this one and everything below it that is not acknowledged yet. */
  readonly upTo: number | undefined;
  readonly singles: readonly number[];
}

/**
 * Which deliveries of one channel are done and not yet acknowledged. "Everything up to" is said only over deliveries that
 * are all done; nothing waits for others to become so.
 */
export class Acks {
  /** In hand, in the order of their tags, as they came. */
  readonly #inHand = new Set<number>();
  #done: number[] = [];

  came(tag: number): void {
    this.#inHand.add(tag);
  }

  /** Answers false for a delivery that is not in hand: it was acknowledged before, or never needed to be. */
  done(tag: number): boolean {
    if (!this.#inHand.delete(tag)) return false;
    this.#done.push(tag);
    return true;
  }

  /** Whether there is anything to tell. */
  get pending(): boolean {
    return this.#done.length > 0;
  }

  take(): Acknowledgements {
    const done = this.#done;
    this.#done = [];
    const [oldest = Infinity] = this.#inHand;
    const singles: number[] = [];
    let upTo = 0;
    let below = 0;
    for (const tag of done) {
      if (tag > oldest) {
        singles.push(tag);
      } else {
        below += 1;
        if (tag > upTo) upTo = tag;
      }
    }
    if (below === 1) singles.push(upTo);
    return { upTo: below > 1 ? upTo : undefined, singles };
  }
}
