/** Numbers that look random and are the same for the same seed. */
export class Random {
  #state: number;

  constructor(readonly seed: number) {
    this.#state = seed >>> 0;
  }

  /** A whole number from 0 to below the bound. */
  below(bound: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % bound;
  }

  pick<Item>(items: readonly Item[]): Item {
    return items[this.below(items.length)] as Item;
  }

  bytes(length: number): Buffer {
    return Buffer.from(Array.from({ length }, () => this.below(256)));
  }

  /** The bytes with a few bits turned over. */
  flipped(bytes: Buffer): Buffer {
    const copy = Buffer.from(bytes);
    for (let flips = 1 + this.below(4); flips > 0 && copy.length > 0; flips--) {
      const at = this.below(copy.length);
      copy[at] = (copy[at] as number) ^ (1 << this.below(8));
    }
    return copy;
  }
}
