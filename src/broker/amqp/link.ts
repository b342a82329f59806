import type { Channel, ChannelModel, ConfirmChannel } from 'amqplib';
import { LynchpinError } from '../../errors/index.js';
import { pauseBefore } from '../backoff.js';
import type { BrokerServer } from '../broker.js';
import { lostError } from '../failures.js';
import type { Address } from './address.js';
import type { Life } from './life.js';
import { breakConnection, closeConnection, emitterOf, openConnection, serverOf } from './connecting.js';

export interface LinkOptions {
  readonly address: Address;
  /** Shown by the broker. */
  readonly properties: Readonly<Record<string, string>>;
  readonly connectTimeout: number;
  readonly backoff: { readonly first: number; readonly most: number };
  /** Called when the link is up, down, blocked or unblocked. */
  onChange(cause?: Error): void;
}

/** One connection that comes back: after the first success it is tried again for ever. */
export class Link {
  /** The channels that are open on it. */
  readonly lives = new Set<Life>();
  readonly #options: LinkOptions;
  #model: ChannelModel | undefined;
  #server: BrokerServer | undefined;
  #blocked = false;
  #closed = false;
  #attempt = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: LinkOptions) {
    this.#options = options;
  }

  get up(): boolean {
    return this.#model !== undefined;
  }

  /** Of the last connection. */
  get server(): BrokerServer | undefined {
    return this.#server;
  }

  get blocked(): boolean {
    return this.#blocked;
  }

  /**
   * The first connection: tries until `connectTimeout` has passed.
   * @throws LynchpinError `CONNECTION` with the last reason; `FORBIDDEN` at once.
   */
  async open(): Promise<void> {
    const deadline = performance.now() + this.#options.connectTimeout;
    for (let attempt = 0; ; attempt += 1) {
      try {
        this.#adopt(await this.#connect(Math.max(1, Math.ceil(deadline - performance.now()))));
        return;
      } catch (error) {
        const pause = pauseBefore(attempt, this.#options.backoff);
        if (this.#closed || LynchpinError.is(error, 'FORBIDDEN') || performance.now() + pause >= deadline) throw error;
        await new Promise((resolve) => {
          setTimeout(resolve, pause);
        });
        if (this.#closed) throw error;
      }
    }
  }

  async channel(): Promise<Channel> {
    return this.#present().createChannel();
  }

  async confirmChannel(): Promise<ConfirmChannel> {
    return this.#present().createConfirmChannel();
  }

  /** Tells the owners of its channels the cause, and ends. */
  async close(cause: Error, limit: number): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    // Channels first, each with an answer: what the connection says of itself would overtake what they still have to
    // say. A blocked connection answers nothing.
    const parted = Promise.all([...this.lives].map((life) => life.part(cause)));
    if (!this.#blocked) await parted;
    const model = this.#model;
    this.#model = undefined;
    if (model !== undefined) await closeConnection(model, limit);
  }

  #present(): ChannelModel {
    if (this.#model === undefined) throw lostError(this.#options.address.shown, 'there is no connection');
    return this.#model;
  }

  #connect(limit: number): Promise<ChannelModel> {
    return openConnection(this.#options.address, this.#options.properties, limit);
  }

  #adopt(model: ChannelModel): void {
    let cause: Error | undefined;
    // An error without a listener would end the process; the close that follows it is what counts.
    model.on('error', (error: Error) => {
      cause = error;
    });
    model.on('close', (error?: Error) => this.#lost(model, cause ?? error));
    emitterOf(model).on('handler-error', (error: Error) => breakConnection(model, error));
    if (this.#closed) {
      void closeConnection(model, 1_000);
      return;
    }
    model.on('blocked', () => this.#setBlocked(model, true));
    model.on('unblocked', () => this.#setBlocked(model, false));
    this.#model = model;
    this.#server = serverOf(model);
    this.#blocked = false;
    this.#attempt = 0;
    this.#options.onChange();
  }

  #setBlocked(model: ChannelModel, blocked: boolean): void {
    if (model !== this.#model) return;
    this.#blocked = blocked;
    this.#options.onChange();
  }

  #lost(model: ChannelModel, cause: Error | undefined): void {
    if (model !== this.#model) return;
    this.#model = undefined;
    this.#blocked = false;
    this.#options.onChange(lostError(this.#options.address.shown, 'the connection was lost', cause));
    this.#retry();
  }

  #retry(): void {
    if (this.#closed) return;
    this.#timer = setTimeout(() => void this.#reconnect(), pauseBefore(this.#attempt, this.#options.backoff));
    this.#attempt += 1;
  }

  async #reconnect(): Promise<void> {
    try {
      this.#adopt(await this.#connect(this.#options.connectTimeout));
    } catch {
      this.#retry();
    }
  }
}
