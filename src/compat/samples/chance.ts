/** A stream of numbers that follows from its seed alone, the same on every machine. */
export class Chance {
  #state: number;

  /** @param seed any whole number; its lower 32 bits count. */
  constructor(seed: number) {
    this.#state = seed | 0;
  }

  /** A whole number from 0 to `below - 1`. */
  below(below: number): number {
    return Math.floor(this.fraction() * below);
  }

  /** True once in so many times. */
  once(inTimes: number): boolean {
    return this.below(inTimes) === 0;
  }

  /** One of a list that is not empty. */
  one<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }

  /** A number from 0 up to, but not including, 1, of 32 bits. */
  fraction(): number {
    // The splitmix32 generator: one multiplication chain for each number, and every seed is a good one.
    let mixed = (this.#state = (this.#state + 0x9e3779b9) | 0);
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  }
}

/** A seed that follows from some text, such as fingerprints. */
export function seedOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}
