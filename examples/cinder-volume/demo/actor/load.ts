import { setTimeout as pause } from 'node:timers/promises';
import { Random } from '../../random.js';
import type { Caller, StoryName } from '../release/index.js';

/** Errands that wait for answers are run more often: what a failed upgrade breaks is calls. */
const ERRANDS: readonly (readonly [story: StoryName, times: number])[] = [
  ['volume', 1],
  ['attachment', 4],
  ['snapshot', 2],
  ['group', 1],
  ['backup', 4],
  ['migration', 1],
  ['replication', 1],
  ['host', 4],
];
const STORIES: readonly StoryName[] = ERRANDS.flatMap(([story, times]) => Array<StoryName>(times).fill(story));

/** How many early calls may be under way: while the last server that reads them is being replaced they wait for its successor. */
const EARLY_AT_ONCE = 3;
/** Every so many errands something is sent that only the newest version has. */
const HASTY_EVERY = 8;

export interface LoadOptions {
  readonly seed: number;
  readonly errands: number;
  readonly rest: number;
}

export interface LoadEvents {
  /** A call of an `early` method was answered. */
  readonly early: () => void;
  /** An errand went wrong. */
  readonly wrong: (error: unknown) => void;
}

/** Keeps a client busy, evenly: so many errands at a time, a rest after each. */
export class Load {
  readonly #random: Random;
  #running = false;
  #loops: Promise<unknown> = Promise.resolve();
  #told = 0;
  #earlyUnderWay = 0;

  constructor(
    private readonly caller: Caller,
    private readonly options: LoadOptions,
    private readonly events: LoadEvents,
  ) {
    this.#random = new Random(options.seed);
  }

  start(): void {
    this.#running = true;
    this.#loops = Promise.all(Array.from({ length: this.options.errands }, () => this.#loop()));
  }

  /** Begins nothing new; resolves when what is under way is over. */
  async stop(): Promise<void> {
    this.#running = false;
    await this.#loops;
  }

  async #loop(): Promise<void> {
    while (this.#running) {
      await this.#safely(() => this.caller.tell(this.#random.pick(STORIES)));
      if (++this.#told % HASTY_EVERY === 0) await this.#newer();
      await pause(this.options.rest);
    }
  }

  /** Uses what the newest version brought. */
  async #newer(): Promise<void> {
    const { hasty, early, pin } = this.caller;
    if (hasty !== undefined) await this.#safely(hasty);
    // Half-way through an upgrade: more servers than hold the pin.
    const mixed = pin.state === 'held' && pin.by.length > 0 && (pin.readers ?? 0) > pin.by.length;
    if (early === undefined || !mixed || this.#earlyUnderWay >= EARLY_AT_ONCE) return;
    this.#earlyUnderWay++;
    await this.#safely(async () => {
      await early();
      this.events.early();
    });
    this.#earlyUnderWay--;
  }

  async #safely(errand: () => Promise<void>): Promise<void> {
    try {
      await errand();
    } catch (error) {
      this.events.wrong(error);
    }
  }
}
