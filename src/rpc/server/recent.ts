/** Remembers the latest keys, up to a bound; the oldest are forgotten first. */
export class Recent {
  readonly #keys = new Set<string>();

  constructor(readonly bound: number) {}

  has(key: string): boolean {
    return this.#keys.has(key);
  }

  delete(key: string): void {
    this.#keys.delete(key);
  }

  add(key: string): void {
    this.#keys.delete(key);
    this.#keys.add(key);
    if (this.#keys.size > this.bound) this.#keys.delete(this.#keys.values().next().value as string);
  }
}
