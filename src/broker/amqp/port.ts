import type { Channel, ConsumeMessage, Message } from 'amqplib';
import { LynchpinError } from '../../errors/index.js';
import type { Port, PortHandlers } from '../broker.js';
import { lostError } from '../failures.js';
import { checkOutgoing, DIRECT_REPLY } from '../limits.js';
import type { Outgoing } from '../message.js';
import { bufferOf, deliveryOf, publishOptions, returnedOf } from './delivery.js';
import { Life } from './life.js';
import { reasonOf } from './refusal.js';
import type { ReplyGate } from './reply-gate.js';
import { within } from './within.js';

/** How long closing waits for what is being tried, in ms. */
const LIMIT = 2_000;

/** What a port knows of its broker. */
export interface PortFacts {
  readonly address: string;
  readonly account: string;
  readonly gate: ReplyGate;
}

/** A channel for sending without confirms, and for direct replies. */
export class AmqpPort implements Port {
  readonly replyTo = DIRECT_REPLY;
  readonly #life: Life;
  readonly #address: string;
  readonly #account: string;
  readonly #gate: ReplyGate;
  readonly #handlers: PortHandlers;
  /** Messages that were taken and wait for their way back to be tried. */
  readonly #trials = new Set<Promise<void>>();
  #full = false;
  #waiting: (() => void)[] = [];

  private constructor(channel: Channel, all: Set<Life>, facts: PortFacts, handlers: PortHandlers) {
    this.#address = facts.address;
    this.#account = facts.account;
    this.#gate = facts.gate;
    this.#handlers = handlers;
    this.#life = new Life(channel, all, { address: facts.address, what: 'the channel for sending' }, (cause) => {
      this.#release();
      handlers.onLost(cause);
    });
    channel.on('return', (message: Message) => this.#guard(() => handlers.onReturned(returnedOf(message))));
    channel.on('drain', () => this.#release());
  }

  static async open(channel: Channel, all: Set<Life>, facts: PortFacts, handlers: PortHandlers): Promise<Port> {
    const port = new AmqpPort(channel, all, facts, handlers);
    try {
      // Replies come to the channel that asks, without a queue; this must stand before the first request goes out.
      await channel.consume(DIRECT_REPLY, (message) => port.#reply(message), { noAck: true });
      return port;
    } catch (error) {
      throw LynchpinError.is(error) ? error : lostError(facts.address, 'could not open a channel for sending', error);
    }
  }

  get open(): boolean {
    return this.#life.open;
  }

  send(message: Outgoing, unroutable: 'return' | 'drop' = 'return'): boolean {
    if (!this.#life.open) throw lostError(this.#address, 'the channel for sending is gone');
    checkOutgoing(message, this.#account);
    if (this.#gate.passes(message)) return this.#write(message, unroutable);
    const trial = this.#gate
      .try(message, () => this.#life.open)
      .then((fate) => {
        if (fate === 'known' && this.#life.open) this.#guard(() => void this.#write(message, unroutable));
      });
    this.#trials.add(trial);
    void trial.finally(() => this.#trials.delete(trial));
    return true;
  }

  #write(message: Outgoing, unroutable: 'return' | 'drop'): boolean {
    try {
      const room = this.#life.channel.publish(
        message.exchange,
        message.routingKey,
        bufferOf(message.body),
        publishOptions(message, unroutable === 'return'),
      );
      if (!room) this.#full = true;
      return room;
    } catch (error) {
      // It could not be encoded, headers above all: nothing was sent.
      throw new LynchpinError('PROTOCOL', `a message cannot be sent: ${reasonOf(error)}`, {}, { cause: error });
    }
  }

  drained(): Promise<void> {
    if (!this.#full || !this.#life.open) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  async close(): Promise<void> {
    // What was taken and is being tried is on its way.
    await within(Promise.all(this.#trials), LIMIT);
    await this.#life.end();
    this.#release();
  }

  #reply(message: ConsumeMessage | null): void {
    if (!this.#life.open) return;
    if (message === null) this.#life.lose(lostError(this.#address, 'the broker ended the replies to a port'));
    else this.#guard(() => this.#handlers.onReply(deliveryOf(message, DIRECT_REPLY)));
  }

  #guard(work: () => void): void {
    if (!this.#life.open) return;
    try {
      work();
    } catch (error) {
      this.#life.lose(error as Error);
    }
  }

  #release(): void {
    this.#full = false;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resume of waiting) resume();
  }
}
