import type { Channel, ChannelModel } from 'amqplib';
import { DIRECT_REPLY } from '../limits.js';
import type { Outgoing } from '../message.js';
import type { Address } from './address.js';
import { closeConnection, openConnection } from './connecting.js';
import { bufferOf, publishOptions } from './delivery.js';
import { LATE, within } from './within.js';

const TOKEN = `${DIRECT_REPLY}.`;
/** How many way-backs are remembered, and how many messages may wait for a trial. */
const REMEMBERED = 10_000;
const LIMIT = 5_000;
const INTERNAL_ERROR = 541;
/** How long the connection for trials is kept with nothing to do, in ms. */
const IDLE = 5_000;

type Fate = 'sent' | 'returned' | 'known';

interface Trial {
  readonly message: Outgoing;
  readonly settle: (fate: Fate) => void;
  /** Whether it is to be sent still. */
  readonly wanted: () => boolean;
}

/**
 * Tries ways back before they are trusted. RabbitMQ answers a direct reply token that it never gave out by closing the
 * whole connection (541), and a token is whatever a peer wrote into its request: one such request would cost every answer
 * under way. So the first message to each token goes over a connection of its own, on which nothing else can be lost.
 */
export class ReplyGate {
  readonly #address: Address;
  readonly #properties: Readonly<Record<string, string>>;
  /** Tokens by whether they have proved good, oldest first. */
  readonly #tokens = new Map<string, boolean>();
  #waiting: Trial[] = [];
  #running = false;
  /** The connection for trials was closed over the token that was tried last. */
  #refused = false;
  #model: ChannelModel | undefined;
  #channel: Channel | undefined;
  #idle: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(address: Address, properties: Readonly<Record<string, string>>) {
    this.#address = address;
    this.#properties = { ...properties, connection_name: `${properties['connection_name'] ?? 'lynchpin'} (trying ways back)` };
  }

  /** Whether a message may go where it is addressed without a trial. */
  passes(message: Outgoing): boolean {
    return message.exchange !== '' || !message.routingKey.startsWith(TOKEN) || this.#tokens.get(message.routingKey) === true;
  }

  /**
   * Sends the first message to a token. `known`: the token has proved good meanwhile, and this message was not sent.
   * @param wanted asked when there is a connection: a process that was frozen may have written before it noticed that its own are
   *   gone, and this one would carry what they do not.
   */
  try(message: Outgoing, wanted: () => boolean = () => true): Promise<Fate> {
    if (this.#closed || this.#tokens.get(message.routingKey) === false || this.#waiting.length >= REMEMBERED)
      return Promise.resolve('returned');
    return new Promise((settle) => {
      this.#waiting.push({ message, settle, wanted });
      if (!this.#running) void this.#run();
    });
  }

  async close(limit: number): Promise<void> {
    this.#closed = true;
    for (const { settle } of this.#waiting.splice(0)) settle('returned');
    await this.#hangUp(limit);
  }

  async #run(): Promise<void> {
    this.#running = true;
    clearTimeout(this.#idle);
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      for (const trial of batch) trial.settle(await this.#one(trial));
    }
    this.#running = false;
    if (this.#closed) await this.#hangUp(LIMIT);
    else this.#idle = setTimeout(() => void this.#hangUp(LIMIT), IDLE).unref();
  }

  async #one({ message, wanted }: Trial): Promise<Fate> {
    const known = this.#tokens.get(message.routingKey);
    if (known !== undefined) return known ? 'known' : 'returned';
    // A connection that was lost for another reason says nothing of the token: one more try.
    for (let attempt = 0; attempt < 2 && !this.#closed; attempt += 1) {
      try {
        const channel = await this.#ready();
        if (!wanted()) return 'returned';
        let returned = false;
        const note = (): void => {
          returned = true;
        };
        channel.once('return', note);
        channel.publish(message.exchange, message.routingKey, bufferOf(message.body), publishOptions(message));
        // Answered only once the broker has dealt with what came before it on the channel.
        const answer = await within(Promise.resolve(channel.prefetch(1)), LIMIT);
        channel.off('return', note);
        if (answer === LATE) throw new Error('no answer');
        this.#remember(message.routingKey, true);
        return returned ? 'returned' : 'sent';
      } catch {
        const refused = this.#refused;
        await this.#hangUp(LIMIT);
        if (!refused) continue;
        this.#remember(message.routingKey, false);
        return 'returned';
      }
    }
    return 'returned';
  }

  async #ready(): Promise<Channel> {
    if (this.#channel !== undefined) return this.#channel;
    this.#refused = false;
    const model = await openConnection(this.#address, this.#properties, LIMIT);
    this.#model = model;
    const lost = (error?: Error & { code?: unknown }): void => {
      if (error?.code === INTERNAL_ERROR) this.#refused = true;
      if (this.#model !== model) return;
      this.#model = undefined;
      this.#channel = undefined;
    };
    model.on('error', lost);
    model.on('close', lost);
    const channel = await model.createChannel();
    channel.on('error', lost);
    this.#channel = channel;
    return channel;
  }

  #remember(token: string, good: boolean): void {
    this.#tokens.set(token, good);
    if (this.#tokens.size > REMEMBERED) this.#tokens.delete(this.#tokens.keys().next().value as string);
  }

  async #hangUp(limit: number): Promise<void> {
    clearTimeout(this.#idle);
    const model = this.#model;
    this.#model = undefined;
    this.#channel = undefined;
    if (model !== undefined) await closeConnection(model, limit).catch(() => undefined);
  }
}
