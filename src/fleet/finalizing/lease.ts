import type { Broker } from '../../broker/index.js';
import { machineClock, type Alive, type Clock, type Life } from '../../pin/index.js';
import { pause, unlessAborted } from '../../rpc/index.js';

/** Nobody who was there is taken for gone sooner than ten seconds later; half of that leaves room for clocks that run unevenly, in ms. */
const GOOD = 5_000;
/** After this it is asked again, in ms. */
const RENEW = 1_000;
const RETRY = 50;

/**
 * What a process knows of its own life: that the queue it lives by was there at a moment that is not long ago. Until that is longer ago
 * than it takes to be taken for gone, it is a member of whatever it was a member of.
 */
export class Lease {
  readonly #broker: Broker;
  readonly #life: Life;
  readonly #clock: Clock;
  #queue: string | undefined;
  #asked = -Infinity;
  #renewing: Promise<boolean> | undefined;

  constructor(broker: Broker, life: Life, clock: Clock = machineClock) {
    this.#broker = broker;
    this.#life = life;
    this.#clock = clock;
  }

  /** Whether it holds now, for that life. */
  holds({ queue, over }: Alive): boolean {
    return !over && queue === this.#queue && this.#clock.now() - this.#asked < GOOD;
  }

  /** The present life, asked for a moment ago at most. @throws LynchpinError `CLOSED`, `FORBIDDEN`; the signal's reason. */
  async renewed(signal: AbortSignal): Promise<Alive> {
    for (;;) {
      const alive = await this.#life.alive(signal);
      if (this.holds(alive) && this.#clock.now() - this.#asked < RENEW) return alive;
      // One question for all who wait, however long each of them may.
      this.#renewing ??= this.#renew(alive).finally(() => {
        this.#renewing = undefined;
      });
      if (!(await unlessAborted(this.#renewing, signal))) await pause(RETRY, signal);
      signal.throwIfAborted();
    }
  }

  async #renew({ queue }: Alive): Promise<boolean> {
    const asked = this.#clock.now();
    const { known } = await this.#broker.count(queue);
    if (known) {
      this.#queue = queue;
      this.#asked = asked;
    }
    return known;
  }
}
