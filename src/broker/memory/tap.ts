import type { Tap } from '../broker.js';
import { forbiddenError, lostError } from '../failures.js';
import type { Delivery } from '../message.js';
import { Holdings } from './holdings.js';
import type { Inside } from './inside.js';
import type { Session } from './session.js';
import { deliveryOf } from './stored.js';

/** A channel for fetching messages from the hub one by one. */
export class MemoryTap implements Tap {
  readonly #inside: Inside;
  readonly #session: Session;
  readonly #holdings = new Holdings();
  readonly #detach: () => void;
  #open = true;

  constructor(inside: Inside, session: Session) {
    this.#inside = inside;
    this.#session = session;
    this.#detach = session.attach(() => this.#end());
  }

  get open(): boolean {
    return this.#open;
  }

  get(name: string): Promise<Delivery | undefined> {
    return this.#ask(() => {
      const { store, address } = this.#inside;
      const queue = store.queues.get(name);
      const refusal =
        queue === undefined
          ? lostError(address, `there is no queue ${name}`)
          : queue.ailment === 'forbidden'
            ? forbiddenError(address, `read ${name}`)
            : queue.ailment !== undefined
              ? lostError(address, `the queue ${name} does not answer`)
              : undefined;
      if (queue === undefined || refusal !== undefined) {
        this.#end();
        throw refusal;
      }
      const stored = queue.take();
      return stored === undefined ? undefined : deliveryOf(stored, name, this.#holdings.keep(queue, stored));
    });
  }

  ack(delivery: Delivery): Promise<void> {
    return this.#ask(() => this.#holdings.acknowledge(delivery.tag));
  }

  async close(): Promise<void> {
    if (!this.#open) return;
    this.#open = false;
    this.#detach();
    // Also when the connection is lost before this gets there.
    this.#inside.wire.post(() => this.#holdings.giveBackAll());
    await this.#session
      .ask(
        () => undefined,
        () => this.#gone(),
      )
      .catch(() => {});
  }

  #end(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#detach();
    this.#inside.wire.post(() => this.#holdings.giveBackAll());
  }

  #ask<T>(work: () => T): Promise<T> {
    if (!this.#open) return Promise.reject(this.#gone());
    return this.#session.ask(work, () => this.#gone());
  }

  #gone(): Error {
    return lostError(this.#inside.address, 'the channel for fetching is gone');
  }
}
