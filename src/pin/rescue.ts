import type { Broker, TopicNames } from '../broker/index.js';
import type { Line, Version } from '../versions/index.js';
import { machineClock, type Clock } from './clock.js';
import { QueueCounts } from './counts.js';
import type { PinSource } from '../rpc/index.js';
import { rescueLane } from './rescue-lane.js';
import type { Convert } from './verdict.js';

/** What a rescue works on. */
export interface RescueSubject {
  readonly broker: Broker;
  readonly names: TopicNames;
  /** The versions that this process can convert between. */
  readonly line: Line;
  readonly pins: PinSource;
  readonly convert: Convert;
}

/** How rescue behaves. */
export interface RescueOptions {
  /** For how long a lane must be seen to have no reader before it is touched, in ms. Default 250. */
  readonly grace?: number | undefined;
  /**
   * For how long a message that fits no version that is read waits for its readers to return, in ms; after that a cast goes
   * to the dead letters and a call is answered with its error. Default 10,000.
   */
  readonly patience?: number | undefined;
  /** How long the copy of a call lives at most, in ms. Default 10,000. */
  readonly callLife?: number | undefined;
  /** Between two checks when nothing calls for one, in ms, give or take a quarter. Default 60,000. */
  readonly every?: number | undefined;
  readonly clock?: Clock | undefined;
}

/** How long `close` waits for the batch in hand, in ms. */
const CLOSE = 2_000;
/** When to look again after something was moved, or after it failed, in ms. */
const FOLLOW_UP = 1_000;
/** Two looks that lie further apart than this say nothing of the time between them, in ms: readers may have come and gone. */
const UNBROKEN = 3 * FOLLOW_UP;
/** So that many clients whose pin moved at once do not all begin at the same instant, in ms. */
const SPREAD = 200;

const PRESENCE = { type: 'classic' } as const;

/**
 * Watches the lanes of a topic for messages that nobody can read any more, and moves them to the lane of the pin.
 *
 * It looks when the pin moves, when it starts, and now and then. A lane is stranded when its version is known to have no
 * reader, twice, while somebody reads the pin; an empty roll strands nothing, because a restart looks just like that.
 */
export class Rescue {
  readonly #subject: RescueSubject;
  readonly #options: { readonly [Name in 'grace' | 'patience' | 'callLife' | 'every']: number };
  readonly #clock: Clock;
  readonly #presence: QueueCounts;
  readonly #lanes: QueueCounts;
  readonly #unwatch: readonly (() => void)[];
  /** Since when a version has been seen without readers, in looks that lie close together. */
  readonly #empty = new Map<Version, number>();
  #looked = -Infinity;
  #stranded = new Map<Version, number>();
  #abort = new AbortController();
  #running: Promise<void> | undefined;
  #cancel: (() => void) | undefined;
  #due = Infinity;
  #closed = false;

  constructor(subject: RescueSubject, options: RescueOptions = {}) {
    const { broker, pins } = subject;
    this.#subject = subject;
    this.#clock = options.clock ?? machineClock;
    this.#options = {
      grace: options.grace ?? 250,
      patience: options.patience ?? 10_000,
      callLife: options.callLife ?? 10_000,
      every: options.every ?? 60_000,
    };
    this.#presence = new QueueCounts(broker, this.#clock);
    // A lane that does not exist holds nothing, and need not exist for as long as nobody reads its version.
    this.#lanes = new QueueCounts(broker, this.#clock, { first: 30_000, most: 600_000 });
    this.#unwatch = [
      pins.watch((now, before) => {
        if (now.version === before.version && before.state !== 'unknown') return;
        this.#lanes.forget();
        this.#soon(this.#clock.spread() * SPREAD);
      }),
      broker.watch((state) => {
        if (state === 'up') {
          this.#presence.forget();
          this.#soon(this.#options.grace + this.#clock.spread() * SPREAD);
        } else if (state !== 'blocked') {
          // What was fetched is back on its lane already; a copy that is not out yet must not follow it.
          this.#empty.clear();
          this.#abort.abort();
        }
      }),
    ];
    this.#soon(this.#clock.spread() * SPREAD);
  }

  /** How many messages stand on each lane without readers, as far as the last check knows. */
  get stranded(): ReadonlyMap<Version, number> {
    return this.#stranded;
  }

  /** Looks now, and moves what can be moved; resolves when that is done. */
  run(): Promise<void> {
    if (this.#closed) return Promise.resolve();
    this.#running ??= this.#pass().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  /** Finishes the batch in hand, or gives it back if that takes too long. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#cancel?.();
    for (const stop of this.#unwatch) stop();
    const cancel = this.#clock.after(CLOSE, () => this.#abort.abort());
    await this.#running;
    cancel();
  }

  async #pass(): Promise<void> {
    this.#abort = new AbortController();
    let next = this.#options.every * (0.75 + this.#clock.spread() / 2);
    try {
      const { state, version: to } = this.#subject.pins.current;
      if (state !== 'unknown' && (await this.#look(to))) {
        for (const [from, most] of this.#stranded) next = Math.min(next, await this.#rescue(from, to, most));
      }
    } catch {
      // The connection was lost, or no queue would take a copy. Every message still stands somewhere.
      next = FOLLOW_UP;
    }
    if (!this.#closed) this.#soon(next);
  }

  /** Finds out which lanes are stranded. Answers false when that cannot be known now. */
  async #look(to: Version): Promise<boolean> {
    const { names, line } = this.#subject;
    const now = this.#clock.now();
    if (now - this.#looked > UNBROKEN) this.#empty.clear();
    this.#looked = now;
    this.#empty.delete(to);
    const stranded = new Map<Version, number>();
    const roll = await this.#presence.count(names.roll, PRESENCE);
    const read = await this.#readers(to);
    if (!roll.known || roll.consumers === 0 || read === undefined || read === 0) {
      this.#empty.clear();
      return false;
    }
    for (const version of line.versions) {
      if (version === to) continue;
      const readers = await this.#readers(version);
      if (readers === 0) {
        if (!this.#empty.has(version)) this.#empty.set(version, now);
        const lane = await this.#lanes.count(names.lane(version));
        if (lane.known && lane.ready > 0) stranded.set(version, lane.ready);
      } else {
        this.#empty.delete(version);
        // Its readers have made the lane, if it was missing.
        if (readers !== undefined) this.#lanes.forget(names.lane(version));
      }
    }
    this.#stranded = stranded;
    return true;
  }

  /** Empties one lane as far as that can be done now; answers when to look again, in ms. */
  async #rescue(from: Version, to: Version, most: number): Promise<number> {
    const { grace, patience, callLife } = this.#options;
    const since = (): number => this.#clock.now() - (this.#empty.get(from) ?? this.#clock.now());
    if (since() < grace) return grace - since() + 1;
    const forGood = since() >= patience;
    const { broker, names, convert, pins } = this.#subject;
    const goOn = async (): Promise<boolean> => !this.#closed && pins.current.version === to && (await this.#readers(from)) === 0;
    const counts = await rescueLane({ broker, names, from, to, convert, forGood, callLife, most, goOn, signal: this.#abort.signal });
    if (counts.kept > 0) this.#stranded.set(from, counts.kept);
    else this.#stranded.delete(from);
    // Whoever has not noticed yet that the pin moved goes on sending to the lane for a moment.
    if (counts.kept === 0 || forGood) return counts.moved + counts.kept + counts.dead + counts.refused > 0 ? FOLLOW_UP : Infinity;
    return FOLLOW_UP;
  }

  async #readers(version: Version): Promise<number | undefined> {
    const count = await this.#presence.count(this.#subject.names.rollAt(version), PRESENCE);
    return count.known ? count.consumers : undefined;
  }

  #soon(milliseconds: number): void {
    const at = this.#clock.now() + milliseconds;
    if (this.#closed || at >= this.#due) return;
    this.#cancel?.();
    this.#due = at;
    this.#cancel = this.#clock.after(milliseconds, () => {
      this.#due = Infinity;
      void this.run();
    });
  }
}
