import type { Channel } from 'amqplib';
import { lostError } from '../failures.js';
import { Life } from './life.js';
import type { Link } from './link.js';
import { LATE, within } from './within.js';

/** The work took longer than it may. The channel that it was on is not used again. */
export class LateError extends Error {}

/**
 * A channel for declaring and asking, where a refusal costs the channel: work is done one after the other, so that what
 * is refused is known, and the next work gets a fresh channel.
 */
export class Control {
  readonly #link: Link;
  readonly #address: string;
  #life: Life | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(link: Link, address: string) {
    this.#link = link;
    this.#address = address;
  }

  /**
   * @param limit in ms, for this work alone.
   * @throws LateError, or what amqplib throws.
   */
  run<T>(work: (channel: Channel) => Promise<T>, limit: number): Promise<T> {
    const result = this.#last.then(() => this.#do(work, limit));
    this.#last = result.catch(() => {});
    return result;
  }

  async #do<T>(work: (channel: Channel) => Promise<T>, limit: number): Promise<T> {
    const opening = this.#channel();
    const result = await within(
      opening.then((life) => work(life.channel)),
      limit,
    );
    if (result !== LATE) return result;
    const late = new LateError(`no answer within ${limit} ms`);
    opening.then((life) => life.lose(late)).catch(() => {});
    throw late;
  }

  async #channel(): Promise<Life> {
    if (this.#life?.open === true) return this.#life;
    if (!this.#link.up) throw lostError(this.#address, 'there is no connection');
    const life: Life = new Life(
      await this.#link.channel(),
      this.#link.lives,
      { address: this.#address, what: 'the channel for declaring' },
      () => {
        if (this.#life === life) this.#life = undefined;
      },
    );
    this.#life = life;
    return life;
  }
}
