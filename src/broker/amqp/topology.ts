import type { Channel, Options } from 'amqplib';
import { LynchpinError } from '../../errors/index.js';
import type { Count, QueueOptions } from '../broker.js';
import { forbiddenError, lostError } from '../failures.js';
import { Control, LateError } from './control.js';
import type { Link } from './link.js';
import { reasonOf, type Refusal, refusalOf } from './refusal.js';

const LIMIT = 10_000;

/** Exchanges, queues, bindings and counts. */
export class Topology {
  readonly #address: string;
  readonly #countLimit: number;
  /** Counts wait for no declaration, and cost each other no channel. */
  readonly #counts: Control;
  readonly #changes: Control;

  constructor(link: Link, address: string, countLimit: number) {
    this.#address = address;
    this.#countLimit = countLimit;
    this.#counts = new Control(link, address);
    this.#changes = new Control(link, address);
  }

  async count(queue: string): Promise<Count> {
    return this.#look(queue, this.#counts, this.#countLimit);
  }

  async ensureQueue(name: string, options: QueueOptions): Promise<Count> {
    const found = await this.#look(name, this.#changes, LIMIT);
    if (found.known) return found;
    if (found.reason === 'disconnected') throw lostError(this.#address, 'there is no connection');
    if (found.reason !== 'missing') return found;
    try {
      const { messageCount, consumerCount } = await this.#changes.run(
        (channel) => channel.assertQueue(name, queueArguments(options)),
        LIMIT,
      );
      return { known: true, ready: messageCount, consumers: consumerCount };
    } catch (error) {
      // Someone else has just created it in another way: it is used as it is.
      if (refusalOf(error) === 'condition') return this.#look(name, this.#changes, LIMIT);
      throw this.#explained(error, `create the queue ${name}`);
    }
  }

  async ensureExchange(name: string, kind: 'direct' | 'fanout'): Promise<void> {
    try {
      await this.#changes.run((channel) => channel.checkExchange(name), LIMIT);
      return;
    } catch (error) {
      const refusal = refusalOf(error);
      // An account that may publish but not configure may not even ask: publishing will show whether it exists.
      if (refusal === 'forbidden') return;
      if (refusal !== 'missing') throw this.#explained(error, `look for the exchange ${name}`);
    }
    try {
      await this.#changes.run((channel) => channel.assertExchange(name, kind, { durable: true }), LIMIT);
    } catch (error) {
      if (refusalOf(error) !== 'condition') throw this.#explained(error, `create the exchange ${name}`);
    }
  }

  async deleteExchange(name: string): Promise<void> {
    await this.#change((channel) => channel.deleteExchange(name), `delete the exchange ${name}`, 'missing');
  }

  async bind(queue: string, exchange: string, key: string): Promise<void> {
    await this.#change((channel) => channel.bindQueue(queue, exchange, key), `bind ${queue} to ${exchange}`);
  }

  async unbind(queue: string, exchange: string, key: string): Promise<void> {
    await this.#change((channel) => channel.unbindQueue(queue, exchange, key), `unbind ${queue} from ${exchange}`, 'missing');
  }

  async deleteQueue(name: string): Promise<void> {
    await this.#change((channel) => channel.deleteQueue(name), `delete the queue ${name}`, 'missing');
  }

  async #look(queue: string, control: Control, limit: number): Promise<Count> {
    try {
      const { messageCount, consumerCount } = await control.run((channel) => channel.checkQueue(queue), limit);
      return { known: true, ready: messageCount, consumers: consumerCount };
    } catch (error) {
      if (error instanceof LateError) return { known: false, reason: 'timeout' };
      const refusal = refusalOf(error);
      if (refusal === 'missing' || refusal === 'forbidden' || refusal === 'taken') return { known: false, reason: refusal };
      return { known: false, reason: refusal === 'lost' ? 'disconnected' : 'down' };
    }
  }

  async #change(work: (channel: Channel) => Promise<unknown>, what: string, harmless?: Refusal): Promise<void> {
    try {
      await this.#changes.run(work, LIMIT);
    } catch (error) {
      if (refusalOf(error) !== harmless) throw this.#explained(error, what);
    }
  }

  #explained(error: unknown, what: string): LynchpinError {
    if (LynchpinError.is(error)) return error;
    const refusal = refusalOf(error);
    if (refusal === 'forbidden') return forbiddenError(this.#address, what);
    return lostError(this.#address, `could not ${what} (${reasonOf(error)})`, error);
  }
}

function queueArguments(options: QueueOptions): Options.AssertQueue {
  // Said outright, for a virtual host may have another default.
  const type = { 'x-queue-type': options.type ?? 'classic' };
  const dead =
    options.deadLetterQueue === undefined ? {} : { 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': options.deadLetterQueue };
  return { durable: true, arguments: options.type === 'quorum' ? { ...type, ...dead } : type };
}
