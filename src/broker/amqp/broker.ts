import type { Channel } from 'amqplib';
import { BACKOFF } from '../backoff.js';
import type { Broker, BrokerOptions, BrokerServer, BrokerState, Count, Intake, Port, PortHandlers, QueueOptions, Tap } from '../broker.js';
import { closedError, lostError } from '../failures.js';
import { checkConfirmed } from '../limits.js';
import type { LogHandlers, LogReader, LogStart, LogSupport } from '../log.js';
import type { Outgoing } from '../message.js';
import { Status } from '../status.js';
import { type Address, addressOf } from './address.js';
import { closeConnection, openConnection } from './connecting.js';
import { AmqpIntake } from './intake.js';
import { Link } from './link.js';
import { Logs } from './logs.js';
import { AmqpPort } from './port.js';
import { Publisher } from './publisher.js';
import { refusalOf } from './refusal.js';
import { ReplyGate } from './reply-gate.js';
import { AmqpTap } from './tap.js';
import { Topology } from './topology.js';
import { LATE, within } from './within.js';

const CLOSE_LIMIT = 2_000;
const CHANNEL_LIMIT = 10_000;

/**
 * RabbitMQ, over two connections: what is published does not share one with what is consumed and counted, so that a
 * blocked publisher stops neither. A third is made where logs are used.
 */
export class AmqpBroker implements Broker {
  readonly address: string;
  readonly userId: string;
  readonly #where: Address;
  readonly #properties: Readonly<Record<string, string>>;
  readonly #connectTimeout: number;
  readonly #status: Status;
  readonly #publishing: Link;
  readonly #consuming: Link;
  readonly #publisher: Publisher;
  readonly #topology: Topology;
  readonly #logs: Logs;
  readonly #gate: ReplyGate;
  #opened = false;
  #cause: Error | undefined;

  private constructor(url: string, options: BrokerOptions) {
    this.#where = addressOf(url, options.heartbeat);
    this.address = this.#where.shown;
    this.userId = this.#where.account;
    this.#connectTimeout = options.connectTimeout ?? 10_000;
    this.#properties = { product: 'lynchpin', ...options.clientProperties };
    this.#status = new Status(this.address);
    const backoff = options.backoff ?? BACKOFF;
    this.#gate = new ReplyGate(this.#where, this.#properties);
    this.#publishing = this.#link('publishing', backoff);
    this.#consuming = this.#link('consuming', backoff);
    this.#publisher = new Publisher({ link: this.#publishing, address: this.address, backoff });
    this.#logs = new Logs({
      address: this.address,
      backoff,
      link: (onChange) => this.#link('logs', backoff, onChange),
      connect: () => openConnection(this.#where, this.#properties, this.#connectTimeout),
      channel: (link) => this.#channel(link),
    });
    this.#topology = new Topology(this.#consuming, this.address, options.countTimeout ?? 2_000);
  }

  /** @throws LynchpinError `CONNECTION`, `FORBIDDEN`, `DECLARATION`. */
  static async open(url: string, options: BrokerOptions = {}): Promise<AmqpBroker> {
    const broker = new AmqpBroker(url, options);
    try {
      await Promise.all([broker.#publishing.open(), broker.#consuming.open()]);
    } catch (error) {
      await broker.close({ timeout: 0 });
      throw error;
    }
    broker.#opened = true;
    broker.#changed();
    return broker;
  }

  get state(): BrokerState {
    return this.#status.state;
  }

  get server(): BrokerServer {
    const { server } = this.#consuming;
    if (server === undefined) throw lostError(this.address, 'there is no connection');
    return server;
  }

  watch(listener: (state: BrokerState, cause?: Error) => void): () => void {
    return this.#status.watch(listener);
  }

  ready(signal?: AbortSignal): Promise<void> {
    return this.#status.ready(signal);
  }

  async ensureExchange(name: string, kind: 'direct' | 'fanout'): Promise<void> {
    this.#mustBeOpen();
    await this.#topology.ensureExchange(name, kind);
  }

  async ensureQueue(name: string, options: QueueOptions = {}): Promise<Count> {
    this.#mustBeOpen();
    return this.#topology.ensureQueue(name, options);
  }

  async deleteExchange(name: string): Promise<void> {
    this.#mustBeOpen();
    await this.#topology.deleteExchange(name);
  }

  async bind(queue: string, exchange: string, key: string): Promise<void> {
    this.#mustBeOpen();
    await this.#topology.bind(queue, exchange, key);
  }

  async unbind(queue: string, exchange: string, key: string): Promise<void> {
    this.#mustBeOpen();
    await this.#topology.unbind(queue, exchange, key);
  }

  async deleteQueue(name: string, when: { readonly unused?: boolean; readonly empty?: boolean } = {}): Promise<boolean> {
    this.#mustBeOpen();
    if (when.unused === true || when.empty === true)
      return this.#deleteIf(name, { ifUnused: when.unused === true, ifEmpty: when.empty === true });
    await this.#topology.deleteQueue(name);
    return true;
  }

  async count(queue: string): Promise<Count> {
    return this.state === 'closed' ? { known: false, reason: 'disconnected' } : this.#topology.count(queue);
  }

  async publish(message: Outgoing, signal?: AbortSignal): Promise<'confirmed' | 'returned'> {
    this.#mustBeOpen();
    signal?.throwIfAborted();
    checkConfirmed(message, this.userId);
    if (this.#logs.takes(message)) return this.#logs.publish(message, signal);
    if (!this.#gate.passes(message)) {
      const fate = await this.#gate.try({ ...message, body: Buffer.from(message.body) });
      signal?.throwIfAborted();
      if (fate !== 'known') return fate === 'sent' ? 'confirmed' : 'returned';
    }
    return this.#publisher.publish(message, signal);
  }

  async ensureLog(name: string): Promise<LogSupport> {
    this.#mustBeOpen();
    return this.#logs.ensure(name);
  }

  async openLog(name: string, start: LogStart, handlers: LogHandlers): Promise<LogReader> {
    this.#mustBeOpen();
    return this.#logs.read(name, start, handlers);
  }

  async openPort(handlers: PortHandlers): Promise<Port> {
    return AmqpPort.open(
      await this.#channel(this.#publishing),
      this.#publishing.lives,
      { address: this.address, account: this.userId, gate: this.#gate },
      handlers,
    );
  }

  async openIntake(onLost: (cause: Error) => void): Promise<Intake> {
    return new AmqpIntake(await this.#channel(this.#consuming), this.#consuming.lives, this.address, onLost);
  }

  async openTap(): Promise<Tap> {
    return new AmqpTap(await this.#channel(this.#consuming), this.#consuming.lives, this.address);
  }

  async close(options: { readonly timeout?: number } = {}): Promise<void> {
    if (this.state === 'closed') return;
    await within(Promise.all([this.#publisher.idle(), this.#logs.idle()]), options.timeout ?? 5_000);
    const closed = closedError(this.address);
    this.#status.set('closed');
    this.#publisher.close();
    await Promise.all([
      this.#publishing.close(closed, CLOSE_LIMIT),
      this.#consuming.close(closed, CLOSE_LIMIT),
      this.#gate.close(CLOSE_LIMIT),
      this.#logs.close(closed, CLOSE_LIMIT),
    ]);
  }

  #link(
    name: string,
    backoff: { readonly first: number; readonly most: number },
    onChange = (cause?: Error): void => this.#changed(cause),
  ): Link {
    const properties = { connection_name: `lynchpin ${name}`, ...this.#properties };
    return new Link({
      address: this.#where,
      properties,
      connectTimeout: this.#connectTimeout,
      backoff,
      onChange,
    });
  }

  #changed(cause?: Error): void {
    if (!this.#opened) return;
    if (this.#publishing.up) this.#publisher.resume();
    this.#cause = cause ?? this.#cause;
    if (!this.#publishing.up || !this.#consuming.up) {
      this.#status.set('down', this.#cause);
      return;
    }
    this.#cause = undefined;
    this.#status.set(this.#publishing.blocked ? 'blocked' : 'up');
  }

  async #channel(link: Link): Promise<Channel> {
    this.#mustBeOpen();
    const opening = link.channel();
    try {
      const channel = await within(opening, CHANNEL_LIMIT);
      if (channel !== LATE) return channel;
    } catch (error) {
      throw lostError(this.address, 'there is no connection', error);
    }
    // A blocked connection takes nothing, not even this.
    opening.then((channel) => channel.close()).catch(() => {});
    throw lostError(this.address, `could not open a channel within ${CHANNEL_LIMIT} ms`);
  }

  /** On a connection of its own: a quorum queue answers such a wish by closing the connection. */
  async #deleteIf(name: string, conditions: { ifUnused: boolean; ifEmpty: boolean }): Promise<boolean> {
    const model = await openConnection(this.#where, this.#properties, this.#connectTimeout);
    let refusal: Error | undefined;
    const refused = (error: Error): void => {
      refusal = error;
    };
    model.on('error', refused);
    try {
      const channel = await model.createChannel();
      channel.on('error', refused);
      await channel.deleteQueue(name, conditions);
      return true;
    } catch (error) {
      const why = refusalOf(refusal ?? error);
      if (why === 'missing') return true;
      if (why === 'condition' || why === 'unsupported') return false;
      throw lostError(this.address, `could not delete the queue ${name}`, error);
    } finally {
      await closeConnection(model, CLOSE_LIMIT);
    }
  }

  #mustBeOpen(): void {
    if (this.state === 'closed') throw closedError(this.address);
  }
}
