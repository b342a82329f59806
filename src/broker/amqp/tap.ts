import type { Channel } from 'amqplib';
import type { Tap } from '../broker.js';
import { forbiddenError, lostError } from '../failures.js';
import type { Delivery } from '../message.js';
import { deliveryOf, tagged } from './delivery.js';
import { Life } from './life.js';
import { reasonOf, refusalOf } from './refusal.js';
import { LATE, within } from './within.js';

const LIMIT = 10_000;

/** A channel for fetching messages one by one. */
export class AmqpTap implements Tap {
  readonly #life: Life;
  readonly #address: string;

  constructor(channel: Channel, all: Set<Life>, address: string) {
    this.#address = address;
    this.#life = new Life(channel, all, { address, what: 'the channel for fetching' }, () => {});
  }

  get open(): boolean {
    return this.#life.open;
  }

  async get(queue: string): Promise<Delivery | undefined> {
    this.#mustBeOpen();
    try {
      const message = await within(this.#life.channel.get(queue), LIMIT);
      if (message === LATE) throw new Error(`no answer within ${LIMIT} ms`);
      return message === false ? undefined : deliveryOf(message, queue);
    } catch (error) {
      const cause =
        refusalOf(error) === 'forbidden'
          ? forbiddenError(this.#address, `read ${queue}`)
          : lostError(this.#address, `could not read ${queue} (${reasonOf(error)})`, error);
      this.#life.lose(cause);
      throw cause;
    }
  }

  async ack(delivery: Delivery): Promise<void> {
    this.#mustBeOpen();
    this.#life.channel.ack(tagged(delivery.tag));
  }

  close(): Promise<void> {
    return this.#life.end();
  }

  #mustBeOpen(): void {
    if (!this.#life.open) throw lostError(this.#address, 'the channel for fetching is gone');
  }
}
