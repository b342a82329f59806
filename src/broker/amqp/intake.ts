import type { Channel, ConsumeMessage } from 'amqplib';
import { LynchpinError } from '../../errors/index.js';
import type { Consumer, ConsumeOptions, Intake } from '../broker.js';
import { forbiddenError, inUseError, lostError } from '../failures.js';
import type { Delivery } from '../message.js';
import { Acks } from './acks.js';
import { deliveryOf, tagged } from './delivery.js';
import { Life } from './life.js';
import { reasonOf, refusalOf } from './refusal.js';
import { LATE, within } from './within.js';

const LIMIT = 10_000;

/** A channel for consuming. */
export class AmqpIntake implements Intake {
  readonly #life: Life;
  readonly #address: string;
  readonly #acks = new Acks();
  readonly #inboxes: string[] = [];
  #closing = false;
  readonly #flush = (): void => this.#tell();

  constructor(channel: Channel, all: Set<Life>, address: string, onLost: (cause: Error) => void) {
    this.#address = address;
    this.#life = new Life(
      channel,
      all,
      { address, what: 'the channel for consuming' },
      (cause) => {
        // Its owner is ending it already.
        if (!this.#closing) onLost(cause);
      },
      this.#flush,
    );
  }

  get open(): boolean {
    return this.#life.open && !this.#closing;
  }

  async consume(queue: string, options: ConsumeOptions, onDelivery: (delivery: Delivery) => void): Promise<Consumer> {
    const noAck = options.noAck === true;
    const hand = (message: ConsumeMessage | null): void => this.#hand(message, queue, noAck, onDelivery);
    const [, { consumerTag }] = await this.#ask(`consume ${queue}`, queue, (channel) =>
      // One behind the other without a pause: a prefetch holds for the consumers that follow it on the channel.
      Promise.all([channel.prefetch(options.prefetch), channel.consume(queue, hand, { noAck, exclusive: options.exclusive === true })]),
    );
    return {
      queue,
      cancel: async () => {
        if (this.open) await this.#ask(`cancel a consumer of ${queue}`, queue, (channel) => channel.cancel(consumerTag));
      },
    };
  }

  async inbox(exchanges: readonly string[], name = ''): Promise<string> {
    const options = { exclusive: true, autoDelete: true, durable: false, arguments: { 'x-queue-type': 'classic' } };
    const { queue } = await this.#ask(name === '' ? 'create an inbox' : `create the queue ${name}`, name, (channel) =>
      channel.assertQueue(name, options),
    );
    this.#inboxes.push(queue);
    await this.#ask('bind an inbox', queue, (channel) => Promise.all(exchanges.map((exchange) => channel.bindQueue(queue, exchange, ''))));
    return queue;
  }

  ack(delivery: Delivery): void {
    if (!this.open) return;
    const first = !this.#acks.pending;
    if (this.#acks.done(delivery.tag) && first) process.nextTick(this.#flush);
  }

  async close(): Promise<void> {
    if (!this.open) return;
    this.#closing = true;
    this.#tell();
    // An inbox that was never consumed would stay until the connection ends.
    await within(Promise.allSettled(this.#inboxes.map((inbox) => this.#life.channel.deleteQueue(inbox))), LIMIT);
    await this.#life.end();
  }

  #hand(message: ConsumeMessage | null, queue: string, noAck: boolean, onDelivery: (delivery: Delivery) => void): void {
    if (!this.open) return;
    if (message === null) {
      this.#life.lose(lostError(this.#address, `the broker ended a consumer of ${queue}`));
      return;
    }
    if (!noAck) this.#acks.came(message.fields.deliveryTag);
    try {
      onDelivery(deliveryOf(message, queue));
    } catch (error) {
      this.#life.lose(error as Error);
    }
  }

  #tell(): void {
    if (!this.#acks.pending) return;
    const { upTo, singles } = this.#acks.take();
    const { channel } = this.#life;
    if (upTo !== undefined) channel.ack(tagged(upTo), true);
    for (const tag of singles) channel.ack(tagged(tag), false);
  }

  async #ask<T>(what: string, queue: string, work: (channel: Channel) => Promise<T>): Promise<T> {
    if (!this.open) throw lostError(this.#address, 'the channel for consuming is gone');
    try {
      const result = await within(work(this.#life.channel), LIMIT);
      if (result !== LATE) return result;
      throw lostError(this.#address, `could not ${what}: no answer within ${LIMIT} ms`);
    } catch (error) {
      const cause = this.#explained(error, what, queue);
      this.#life.lose(cause);
      throw cause;
    }
  }

  #explained(error: unknown, what: string, queue: string): LynchpinError {
    if (LynchpinError.is(error)) return error;
    const refusal = refusalOf(error);
    if (refusal === 'in use' || refusal === 'taken') return inUseError(this.#address, queue);
    if (refusal === 'forbidden') return forbiddenError(this.#address, what);
    return lostError(this.#address, `could not ${what} (${reasonOf(error)})`, error);
  }
}
