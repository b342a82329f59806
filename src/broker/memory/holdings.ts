import type { MemoryQueue } from './queue.js';
import type { Stored } from './stored.js';

interface Held {
  readonly queue: MemoryQueue;
  readonly stored: Stored;
  /** Whoever counts it as in hand. */
  readonly holder: { holding: number } | undefined;
}

/** What a channel has been handed and not yet acknowledged, by delivery tag. */
export class Holdings {
  readonly #held = new Map<number, Held>();
  #tags = 0;

  /** Numbers a delivery without keeping it. */
  nextTag(): number {
    this.#tags += 1;
    return this.#tags;
  }

  keep(queue: MemoryQueue, stored: Stored, holder?: { holding: number }): number {
    const tag = this.nextTag();
    this.#held.set(tag, { queue, stored, holder });
    if (holder !== undefined) holder.holding += 1;
    return tag;
  }

  acknowledge(tag: number): void {
    const held = this.#release(tag);
    held?.queue.acknowledge();
    held?.queue.dispatch();
  }

  /** Gives back all that is left, newest first, so that each finds its old place at the head. */
  giveBackAll(): void {
    const queues = new Set<MemoryQueue>();
    for (const tag of [...this.#held.keys()].reverse()) {
      const held = this.#release(tag);
      if (held === undefined) continue;
      held.queue.giveBack(held.stored);
      queues.add(held.queue);
    }
    for (const queue of queues) queue.dispatch();
  }

  #release(tag: number): Held | undefined {
    const held = this.#held.get(tag);
    if (held === undefined) return undefined;
    this.#held.delete(tag);
    if (held.holder !== undefined) held.holder.holding -= 1;
    return held;
  }
}
