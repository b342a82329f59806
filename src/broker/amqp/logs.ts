import type { Channel, ChannelModel } from 'amqplib';
import { forbiddenError, lostError } from '../failures.js';
import type { LogHandlers, LogReader, LogStart, LogSupport } from '../log.js';
import type { Outgoing } from '../message.js';
import { closeConnection } from './connecting.js';
import { Control } from './control.js';
import type { Link } from './link.js';
import { AmqpLogReader, logFailure } from './log-reader.js';
import { Publisher } from './publisher.js';
import { reasonOf, refusalOf } from './refusal.js';
import { within } from './within.js';

const LIMIT = 10_000;
const CLOSE_LIMIT = 2_000;
/** Without bounds by size or age, nothing is ever dropped. */
const STREAM = { durable: true, arguments: { 'x-queue-type': 'stream' } };

/** What logs need of their broker. */
export interface LogsOptions {
  readonly address: string;
  readonly backoff: { readonly first: number; readonly most: number };
  /** A connection that comes back. */
  link(onChange: () => void): Link;
  /** A connection for once. */
  connect(): Promise<ChannelModel>;
  channel(link: Link): Promise<Channel>;
}

/**
 * Logs, which are stream queues. They have a connection of their own, made when the first log is asked for: RabbitMQ closes a
 * connection that reads or writes a stream while most of the cluster is away (506), and with it everything else on it.
 */
export class Logs {
  readonly #address: string;
  readonly #options: LogsOptions;
  readonly #names = new Set<string>();
  #opening: Promise<Link> | undefined;
  #link: Link | undefined;
  #control: Control | undefined;
  #publisher: Publisher | undefined;
  #waiting: (() => void)[] = [];

  constructor(options: LogsOptions) {
    this.#address = options.address;
    this.#options = options;
  }

  /** Whether a message is an entry for a log that this broker has asked for. */
  takes(message: Outgoing): boolean {
    return message.exchange === '' && this.#names.has(message.routingKey);
  }

  async publish(message: Outgoing, signal?: AbortSignal): Promise<'confirmed' | 'returned'> {
    if (this.#publisher === undefined) throw lostError(this.#address, 'there is no connection');
    return this.#publisher.publish(message, signal);
  }

  async read(name: string, start: LogStart, handlers: LogHandlers): Promise<LogReader> {
    const link = await this.#connected();
    const channel = await this.#options.channel(link);
    const reader = await AmqpLogReader.open(channel, link.lives, { address: this.#address, name, start }, handlers);
    this.#names.add(name);
    return reader;
  }

  async ensure(name: string): Promise<LogSupport> {
    const link = await this.#connected();
    this.#control ??= new Control(link, this.#address);
    // Twice: somebody else may create it between the look and the attempt.
    for (let attempt = 0; ; attempt += 1) {
      const failure = (await this.#exists(this.#control, name)) ? undefined : await this.#create(name);
      if (failure === undefined) {
        this.#names.add(name);
        return { supported: true };
      }
      if (failure.supported !== undefined) return failure.supported;
      if (attempt > 0) throw lostError(this.#address, `could not create the log ${name}`, failure.error);
    }
  }

  /** Resolves when nothing is being published. */
  async idle(): Promise<void> {
    await this.#publisher?.idle();
  }

  async close(cause: Error, limit: number): Promise<void> {
    this.#publisher?.close();
    await this.#link?.close(cause, limit);
  }

  /** The connection, once it is there: it comes back by itself, a moment before or after the others. */
  async #connected(): Promise<Link> {
    this.#opening ??= this.#open();
    const link = await this.#opening;
    if (!link.up) await within(new Promise<void>((resolve) => this.#waiting.push(resolve)), LIMIT);
    return link;
  }

  async #open(): Promise<Link> {
    const link = this.#options.link(() => {
      if (!link.up) return;
      this.#publisher?.resume();
      for (const resume of this.#waiting.splice(0)) resume();
    });
    this.#link = link;
    try {
      await link.open();
    } catch (error) {
      // It gave up: who asks next begins anew.
      this.#opening = undefined;
      throw error;
    }
    this.#publisher = new Publisher({ link, address: this.#address, backoff: this.#options.backoff });
    return link;
  }

  /** A passive declaration does not say what kind of queue it is; only reading it as a log does. */
  async #exists(control: Control, name: string): Promise<boolean> {
    try {
      await control.run((channel) => look(channel, name), LIMIT);
      return true;
    } catch (error) {
      if (refusalOf(error) === 'missing') return false;
      throw logFailure(error, this.#address, name);
    }
  }

  /** Answers nothing when it was created. */
  async #create(name: string): Promise<{ readonly supported?: LogSupport; readonly error: unknown } | undefined> {
    const model = await this.#options.connect();
    let ended: unknown;
    const note = (error: Error): void => {
      ended ??= error;
    };
    model.on('error', note);
    try {
      const channel = await model.createChannel();
      channel.on('error', note);
      await channel.assertQueue(name, STREAM);
      return undefined;
    } catch (failure) {
      const error = ended ?? failure;
      const reason = reasonOf(error);
      if (saysNoStreams(error)) return { supported: { supported: false, reason }, error };
      if (refusalOf(error) === 'forbidden') throw forbiddenError(this.#address, `create the log ${name}`);
      if (refusalOf(error) === 'condition') return { error };
      throw lostError(this.#address, `could not create the log ${name} (${reason})`, error);
    } finally {
      await closeConnection(model, CLOSE_LIMIT);
    }
  }
}

async function look(channel: Channel, name: string): Promise<void> {
  const options = { noAck: false, arguments: { 'x-stream-offset': 'next' } };
  const [, { consumerTag }] = await Promise.all([channel.prefetch(1), channel.consume(name, () => {}, options)]);
  await channel.cancel(consumerTag);
}

/** A broker that is too old does not know the type; one whose operator has not enabled the feature says so, by ending the connection. */
export function saysNoStreams(error: unknown): boolean {
  const refusal = refusalOf(error);
  const reason = reasonOf(error);
  if (refusal === 'condition') return /invalid arg 'x-queue-type'/.test(reason);
  return refusal === 'unsupported' || /feature flag/.test(reason);
}
