import type { Channel } from 'amqplib';
import { lostError } from '../failures.js';
import { within } from './within.js';

const CLOSE_LIMIT = 2_000;

/** The life of one channel: it ends once, by its owner or by accident, and in the latter case its owner is told. */
export class Life<C extends Channel = Channel> {
  readonly channel: C;
  #open = true;
  readonly #all: Set<Life>;
  readonly #onLost: (cause: Error) => void;

  readonly #onEnd: () => void;

  /**
   * @param all the lives of one broker, of which this is one until it ends.
   * @param onEnd called while the channel still works, before it is closed from this side.
   */
  constructor(
    channel: C,
    all: Set<Life>,
    context: { readonly address: string; readonly what: string },
    onLost: (cause: Error, refusal: Error | undefined) => void,
    onEnd: () => void = () => {},
  ) {
    this.channel = channel;
    this.#all = all;
    this.#onEnd = onEnd;
    let refusal: Error | undefined;
    this.#onLost = (cause) => onLost(cause, refusal);
    channel.on('error', (error: Error) => {
      refusal = error;
    });
    // Before amqplib's own listener, which fails every unconfirmed publish: by then it must be known that the channel is gone.
    channel.prependListener('close', () => this.lose(lostError(context.address, `${context.what} is gone`, refusal)));
    channel.on('handler-error', (error: Error) => this.lose(error));
    all.add(this as unknown as Life);
  }

  get open(): boolean {
    return this.#open;
  }

  /** It is gone, or of no more use. */
  lose(cause: Error): void {
    void this.part(cause);
  }

  /** It ends with its broker: its owner is told, and what was sent on it before is taken when this resolves. */
  async part(cause: Error): Promise<void> {
    if (!this.#finish()) return;
    const closing = this.#close();
    this.#onLost(cause);
    await closing;
  }

  /** Its owner ends it; what was sent on it before has been taken by the broker when this resolves. */
  async end(): Promise<void> {
    if (this.#finish()) await this.#close();
  }

  #finish(): boolean {
    const open = this.#open;
    this.#open = false;
    this.#all.delete(this as unknown as Life);
    return open;
  }

  async #close(): Promise<void> {
    try {
      this.#onEnd();
      await within(this.channel.close(), CLOSE_LIMIT);
    } catch {
      // It was closed already.
    }
  }
}
