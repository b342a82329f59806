/** Takes those of the numbers out that an acknowledgement means. */
function take(numbers: { keys(): IterableIterator<number>; delete(number: number): boolean }, upTo: number, multiple: boolean): number[] {
  // Zero with `multiple` means everything so far.
  const meant = multiple ? [...numbers.keys()].filter((number) => upTo === 0 || number <= upTo) : [upTo];
  return meant.filter((number) => numbers.delete(number));
}

/** What has to be remembered of one channel to understand what passes on it. */
export class ChannelState {
  /** Queues by consumer tag. */
  readonly consumers = new Map<string, { readonly queue: string; readonly settled: boolean }>();
  /** Consume requests that the broker has not answered yet. It answers in order. */
  readonly consumeRequests: { readonly queue: string; readonly settled: boolean }[] = [];
  readonly getRequests: { readonly queue: string; readonly settled: boolean }[] = [];
  /** An empty queue name means the queue that was declared last. */
  lastDeclared = '';
  confirms = false;
  #published = 0;
  readonly #unconfirmed = new Map<number, string>();
  readonly #unsettled = new Map<number, true>();

  named(queue: string): string {
    return queue === '' ? this.lastDeclared : queue;
  }

  publishes(id: string | undefined): void {
    if (!this.confirms) return;
    this.#published += 1;
    this.#unconfirmed.set(this.#published, id ?? '');
  }

  /** The message ids that a confirm means. */
  confirmed(upTo: number, multiple: boolean): string[] {
    const before = new Map(this.#unconfirmed);
    return take(this.#unconfirmed, upTo, multiple)
      .map((number) => before.get(number) ?? '')
      .filter((id) => id !== '');
  }

  delivers(tag: number): void {
    this.#unsettled.set(tag, true);
  }

  /** The delivery tags that an acknowledgement means. */
  settled(upTo: number, multiple: boolean): number[] {
    return take(this.#unsettled, upTo, multiple);
  }
}
