import type { Clock } from './clock.js';
import type { Standing } from './decide.js';
import type { Reading } from './reading.js';

/** How long an empty roll is watched before a start goes on without a server, in ms. */
const NOBODY = 500;
/** How long a start whose versions nobody reads waits for the names of those who are there, in ms: they tell who is too old. */
const NAMES = 1_000;

/** How long a start waits for the ledger when the census has told something already, in ms. Then it goes on at its floor. */
const LEDGER = 2_000;

/** The time from the beginning of a negotiation until its pin can be used. It always ends. */
export class Start {
  /** Resolves when it is over. */
  readonly over: Promise<void>;
  #end!: () => void;
  #waiting = true;
  #nobodySince: number | undefined;
  #unreadSince: number | undefined;
  #frozenSince: number | undefined;

  /** @param within the longest that it may last, in ms. */
  constructor(
    private readonly clock: Clock,
    within: number,
  ) {
    this.over = new Promise((resolve) => {
      const cancel = clock.after(within, () => this.end(), { hold: true });
      this.#end = () => {
        cancel();
        resolve();
      };
    });
  }

  /** Whether it is not over yet. */
  get waiting(): boolean {
    return this.#waiting;
  }

  /**
   * Ends it if a version was picked, or if nobody has been there for a moment: then there is nothing to wait for.
   * @param named how many servers have said their names.
   * @param frozen whether the ledger has not been read yet.
   */
  consider(standing: Standing, reading: Reading, { named, frozen }: { readonly named: number; readonly frozen: boolean }): void {
    const now = this.clock.now();
    this.#frozenSince = frozen && reading.known ? (this.#frozenSince ?? now) : undefined;
    if (this.#frozenSince !== undefined && now - this.#frozenSince >= LEDGER) return this.end();
    const nobody = !reading.known && reading.reason === 'nobody';
    this.#nobodySince = nobody ? (this.#nobodySince ?? now) : undefined;
    const unread = standing.state === 'split' && reading.known && reading.readers.get(standing.version) === 0 && named < reading.servers;
    this.#unreadSince = unread ? (this.#unreadSince ?? now) : undefined;
    if (this.#unreadSince !== undefined && now - this.#unreadSince < NAMES) return;
    if (standing.state !== 'unknown' || (this.#nobodySince !== undefined && now - this.#nobodySince >= NOBODY)) this.end();
  }

  end(): void {
    this.#waiting = false;
    this.#end();
  }
}
