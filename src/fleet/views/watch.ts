import type { LookOptions } from './gather.js';
import type { FleetStatus } from './status.js';

/** What is watched, and how often. */
export interface WatchOptions extends LookOptions {
  /** Between the beginnings of two looks, in ms. Default 2,000, and never less than 500. */
  readonly every?: number | undefined;
}

const EVERY = 2_000;
const LEAST = 500;
/** Of the whole time, no more than one part in so many is spent on asking. */
const SHARE = 4;

/** When the next look begins after the beginning of the last, in ms: later where looks take long. */
export function nextLook({ every = EVERY }: WatchOptions, took: number): number {
  return Math.max(LEAST, every, took * SHARE);
}

/** Looks again and again until it is stopped; one look at a time. */
export class Watching {
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;
  #last = '';
  readonly #look: () => Promise<FleetStatus>;
  readonly #listener: (status: FleetStatus) => void;
  readonly #pace: WatchOptions;

  /** @param listener is called for the first status, and for each that says something else than the one before. */
  constructor(look: () => Promise<FleetStatus>, listener: (status: FleetStatus) => void, pace: WatchOptions) {
    this.#look = look;
    this.#listener = listener;
    this.#pace = pace;
    void this.#again();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  async #again(): Promise<void> {
    const begun = performance.now();
    // Looking never throws over a broker. What throws all the same must not end the watch, nor the process.
    const status = await this.#look().catch(() => undefined);
    if (this.#stopped) return;
    if (status !== undefined) this.#tell(status);
    const took = performance.now() - begun;
    this.#timer = setTimeout(() => void this.#again(), nextLook(this.#pace, took) - took);
  }

  #tell(status: FleetStatus): void {
    const { took: _, ...says } = status;
    const text = JSON.stringify(says);
    if (text === this.#last) return;
    this.#last = text;
    this.#listener(status);
  }
}
