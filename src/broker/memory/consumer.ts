import type { ConsumeOptions } from '../broker.js';
import type { Delivery } from '../message.js';
import type { Holdings } from './holdings.js';
import type { MemoryQueue, Subscriber } from './queue.js';
import { deliveryOf, type Stored } from './stored.js';

/** One consumer of one queue, on the hub's side of the wire. */
export class MemoryConsumer implements Subscriber {
  readonly queue: MemoryQueue;
  holding = 0;
  readonly #options: ConsumeOptions;
  readonly #holdings: Holdings;
  readonly #hand: (delivery: Delivery) => void;
  readonly #onCancelled: (cause: string) => void;

  constructor(
    queue: MemoryQueue,
    options: ConsumeOptions,
    holdings: Holdings,
    hand: (delivery: Delivery) => void,
    onCancelled: (cause: string) => void,
  ) {
    this.queue = queue;
    this.#options = options;
    this.#holdings = holdings;
    this.#hand = hand;
    this.#onCancelled = onCancelled;
  }

  get exclusive(): boolean {
    return this.#options.exclusive === true;
  }

  /** A prefetch of 0 is no bound, as in AMQP. */
  get hungry(): boolean {
    return this.#options.noAck === true || this.#options.prefetch === 0 || this.holding < this.#options.prefetch;
  }

  take(stored: Stored): void {
    if (this.#options.noAck === true) {
      this.queue.acknowledge();
      this.#hand(deliveryOf(stored, this.queue.name, this.#holdings.nextTag()));
    } else {
      this.#hand(deliveryOf(stored, this.queue.name, this.#holdings.keep(this.queue, stored, this)));
    }
  }

  cancelled(cause: string): void {
    this.#onCancelled(cause);
  }
}
