import { randomUUID } from 'node:crypto';
import { whichever } from '../rpc/index.js';
import type { Clock } from './clock.js';
import { snapshotOf, type LedgerState } from './ledger/index.js';
import type { TopicLedger } from './topic-ledger.js';

/** When a snapshot is due. */
export interface ScribeOptions {
  /** After so many entries, up to half as many more: each scribe draws its own number. Default 500. */
  readonly every?: number;
  /** How long the ledger must have been still, in ms: a snapshot with an entry before it that it does not know does not count. Default 500. */
  readonly still?: number;
  /** How many others would write it before this one: each has a second more to do so. Default 0. */
  readonly before?: (state: LedgerState) => number;
}

const USUAL = { every: 500, still: 500 } as const;
/** How long an append may take, in ms. */
const LIMIT = 10_000;
/**
 * How long each of those before this one has, in ms, and all of them together at most. A snapshot names everyone, and everyone
 * reads it: were all who are due to write one, the first large fleet to come back at once would do nothing else.
 */
const TURN = { each: 1_000, most: 60_000 };
/** It is not due before so many entries for each member: joining anew once is no reason for one. */
const EACH_MEMBER = 3;

/**
 * Writes a snapshot of a ledger now and then. Whoever starts later need not read what is before it, and a log whose beginning
 * is lost, because a policy of the broker cut it, can still be read.
 */
export class Scribe {
  readonly #ledger: TopicLedger;
  readonly #clock: Clock;
  readonly #author: string;
  readonly #still: number;
  readonly #before: (state: LedgerState) => number;
  readonly #every: number;
  readonly #stop: () => void;
  readonly #closing = new AbortController();
  #due: number;
  #cancel: (() => void) | undefined;
  #writing: Promise<void> | undefined;

  constructor(
    ledger: TopicLedger,
    clock: Clock,
    author: string,
    { every = USUAL.every, still = USUAL.still, before = () => 0 }: ScribeOptions = {},
  ) {
    this.#ledger = ledger;
    this.#clock = clock;
    this.#author = author;
    this.#every = every;
    this.#still = still;
    this.#before = before;
    this.#due = this.#draw();
    this.#stop = ledger.watch((state, { kind }) => this.#see(state, kind === 'snapshot'));
  }

  async close(): Promise<void> {
    this.#stop();
    this.#cancel?.();
    this.#closing.abort();
    await this.#writing;
  }

  #see(state: LedgerState, snapshot: boolean): void {
    if (snapshot && state.outcome.kind === 'counted') this.#due = this.#draw();
    this.#cancel?.();
    // What others read before this one began counts as well: a process may live for a few entries only.
    if (this.#ledger.unsummed < Math.max(this.#due, EACH_MEMBER * state.members.length)) return;
    const turn = Math.min(this.#before(state) * TURN.each, TURN.most);
    // Drawn as well: the first one to write is enough.
    this.#cancel = this.#clock.after(turn + this.#still * (1 + this.#clock.spread()), () => {
      this.#writing ??= this.#write().finally(() => {
        this.#writing = undefined;
      });
    });
  }

  async #write(): Promise<void> {
    const said = {
      id: randomUUID(),
      author: this.#author,
      reason: `${this.#ledger.unsummed} entries since the last one`,
      at: this.#clock.text(),
    };
    const snapshot = snapshotOf(this.#ledger.state, said);
    if (snapshot === undefined || !this.#ledger.following) return;
    const enough = whichever(this.#closing.signal, AbortSignal.timeout(LIMIT));
    // One that does not count, or is not taken, is tried again behind the next entry.
    await this.#ledger.append(snapshot, enough.signal).catch(() => undefined);
    enough.release();
  }

  #draw(): number {
    return Math.ceil(this.#every * (1 + this.#clock.spread() / 2));
  }
}
