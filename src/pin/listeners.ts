import type { Pin } from '../rpc/index.js';
import { pinChannel, type PinEvent } from './events.js';

/** Whoever wants to know when a pin changes. */
export class Listeners {
  readonly #listeners = new Set<(now: Pin, before: Pin) => void>();

  constructor(private readonly topic: string) {}

  /** Adds one; answers a function that takes it away. */
  add(listener: (now: Pin, before: Pin) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  clear(): void {
    this.#listeners.clear();
  }

  /** Tells everyone what the pin is now, unless that is what it was before. */
  tell(now: Pin, before: Pin): void {
    if (sameText(now, before)) return;
    if ((now.version !== before.version || now.state !== before.state || now.heldBack !== before.heldBack) && pinChannel.hasSubscribers) {
      pinChannel.publish({ topic: this.topic, now, before } satisfies PinEvent);
    }
    for (const listener of this.#listeners) {
      try {
        listener(now, before);
      } catch (fault) {
        // A listener's fault is shown like any other that nobody catches, but the pin goes on being looked after.
        queueMicrotask(() => {
          throw fault;
        });
      }
    }
  }
}

function sameText(now: Pin, before: Pin): boolean {
  return JSON.stringify(now) === JSON.stringify(before);
}
