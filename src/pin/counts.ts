import type { Broker, Count, QueueOptions } from '../broker/index.js';
import type { Clock } from './clock.js';

/** How long a queue is left alone after an answer that cost a channel, in ms; doubled each time, up to `most`. */
export interface LeaveAlone {
  readonly first: number;
  readonly most: number;
}

interface Memory {
  until: number;
  pause: number;
  count: Count;
}

/**
 * Counts queues without asking again and again for one that is missing, forbidden or down: each such answer costs the
 * broker a channel. What was answered last is answered again until the pause is over.
 */
export class QueueCounts {
  readonly #memory = new Map<string, Memory>();

  constructor(
    private readonly broker: Broker,
    private readonly clock: Clock,
    private readonly pauses: LeaveAlone = { first: 1_000, most: 60_000 },
  ) {}

  /**
   * The broker's count of a queue.
   * @param declare creates the queue when it is missing, so that it need not be missed again.
   */
  async count(queue: string, declare?: QueueOptions): Promise<Count> {
    const memory = this.#memory.get(queue);
    if (memory !== undefined && this.clock.now() < memory.until) return memory.count;
    let count = await this.broker.count(queue);
    if (declare !== undefined && !count.known && count.reason === 'missing') count = await this.#declare(queue, declare);
    if (count.known || count.reason === 'timeout' || count.reason === 'disconnected') {
      this.#memory.delete(queue);
      return count;
    }
    const pause = Math.min(memory === undefined ? this.pauses.first : memory.pause * 2, this.pauses.most);
    this.#memory.set(queue, { pause, count, until: this.clock.now() + pause * (0.75 + this.clock.spread() / 2) });
    return count;
  }

  /** Asks afresh next time: for one queue, or for all of them, as after a reconnect. */
  forget(queue?: string): void {
    if (queue === undefined) this.#memory.clear();
    else this.#memory.delete(queue);
  }

  async #declare(queue: string, options: QueueOptions): Promise<Count> {
    try {
      return await this.broker.ensureQueue(queue, options);
    } catch {
      // Whatever stands in the way (most often a missing right), the queue is as unknown as before.
      return { known: false, reason: 'forbidden' };
    }
  }
}
