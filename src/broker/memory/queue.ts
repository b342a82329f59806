import type { QueueOptions } from '../broker.js';
import type { Outgoing } from '../message.js';
import type { Session } from './session.js';
import { copyMessage, type Stored } from './stored.js';

/** One consumer, as its queue sees it. */
export interface Subscriber {
  readonly exclusive: boolean;
  /** Whether it may hold one more. */
  readonly hungry: boolean;
  /** Deliveries that it has not acknowledged. */
  readonly holding: number;
  take(stored: Stored): void;
  /** The queue is gone, or its node is. */
  cancelled(cause: string): void;
}

/** How a queue may fail, as a broker's queues do. */
export type Ailment = 'down' | 'forbidden' | 'timeout';

/** A queue: messages in their order, consumers in turn. */
export class MemoryQueue {
  readonly name: string;
  readonly options: QueueOptions;
  /** The connection that alone may use it, and that it goes away with. */
  readonly owner: Session | undefined;
  ailment: Ailment | undefined;
  readonly #subscribers: Subscriber[] = [];
  /** Cancelled consumers with work in hand: a quorum queue goes on counting them. */
  readonly #lingering = new Set<Subscriber>();
  readonly #onExpired: (message: Outgoing) => void;
  #ready: Stored[] = [];
  #turn = 0;
  #places = 0;
  #unacknowledged = 0;

  constructor(name: string, options: QueueOptions, owner: Session | undefined, onExpired: (message: Outgoing) => void) {
    this.name = name;
    this.options = options;
    this.owner = owner;
    this.#onExpired = onExpired;
  }

  get ready(): number {
    this.#expire();
    return this.#ready.length;
  }

  get unacknowledged(): number {
    return this.#unacknowledged;
  }

  get consumers(): number {
    if (this.options.type !== 'quorum') return this.#subscribers.length;
    for (const subscriber of this.#lingering) if (subscriber.holding === 0) this.#lingering.delete(subscriber);
    return this.#subscribers.length + this.#lingering.size;
  }

  /** Whether another consumer may join. */
  admits(exclusive: boolean): boolean {
    return exclusive ? this.#subscribers.length === 0 : !this.#subscribers.some((subscriber) => subscriber.exclusive);
  }

  subscribe(subscriber: Subscriber): void {
    this.#subscribers.push(subscriber);
    this.dispatch();
  }

  /** @param gone with its connection: then a quorum queue does not go on counting it. */
  unsubscribe(subscriber: Subscriber, gone: boolean): void {
    const index = this.#subscribers.indexOf(subscriber);
    if (index >= 0) this.#subscribers.splice(index, 1);
    if (gone) this.#lingering.delete(subscriber);
    else if (subscriber.holding > 0) this.#lingering.add(subscriber);
  }

  /** Tells every consumer that it is one no longer. */
  dismiss(cause: string): void {
    for (const subscriber of this.#subscribers.splice(0)) subscriber.cancelled(cause);
    this.#lingering.clear();
  }

  push(message: Outgoing): void {
    const expires = message.expiration === undefined ? Infinity : performance.now() + message.expiration;
    this.#ready.push({ message: copyMessage(message), expires, place: this.#places++, redelivered: false });
    this.dispatch();
  }

  /** Takes the next message out, to be acknowledged or given back. */
  take(): Stored | undefined {
    this.#expire();
    const stored = this.#ready.shift();
    if (stored !== undefined) this.#unacknowledged += 1;
    return stored;
  }

  acknowledge(): void {
    this.#unacknowledged -= 1;
  }

  /** Puts a message that was handed out back in its old place. */
  giveBack(stored: Stored): void {
    this.#unacknowledged -= 1;
    stored.redelivered = true;
    let index = 0;
    while (index < this.#ready.length && (this.#ready[index]?.place ?? 0) < stored.place) index += 1;
    this.#ready.splice(index, 0, stored);
  }

  /** What a restart of the broker does to it: only durable messages are still there. */
  forgetTransient(): void {
    this.#ready = this.#ready.filter((stored) => stored.message.persistent === true);
  }

  /** It answers again. */
  heal(): void {
    this.ailment = undefined;
    this.dispatch();
  }

  /** Hands out what consumers have room for, each in turn. */
  dispatch(): void {
    if (this.ailment === 'down') return;
    let refused = 0;
    while (this.#ready.length > 0 && refused < this.#subscribers.length) {
      const subscriber = this.#subscribers[this.#turn % this.#subscribers.length];
      this.#turn += 1;
      if (subscriber === undefined || !subscriber.hungry) {
        refused += 1;
        continue;
      }
      const stored = this.take();
      if (stored === undefined) return;
      refused = 0;
      subscriber.take(stored);
    }
  }

  /** Only the head of a queue expires: what stands behind a message that lives longer waits for its turn. */
  #expire(): void {
    const now = performance.now();
    for (let head = this.#ready[0]; head !== undefined && head.expires <= now; head = this.#ready[0]) {
      this.#ready.shift();
      this.#onExpired(head.message);
    }
  }
}
