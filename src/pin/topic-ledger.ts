import type { Broker, LogReader, LogStart, LogSupport } from '../broker/index.js';
import { LynchpinError } from '../errors/index.js';
import { Backoff, pause, unlessAborted } from '../rpc/index.js';
import { EMPTY_LEDGER, entryBody, fold, parseEntry, type Entry, type LedgerState } from './ledger/index.js';

/** Where an entry stands, and what the log came to right behind it: verdicts are given there. */
export interface Landed {
  readonly offset: number;
  readonly state: LedgerState;
}

/** What is told of each entry that is read. */
export type LedgerListener = (state: LedgerState, entry: ReturnType<typeof parseEntry>) => void;

/** An entry that was confirmed and does not come back is written again after this, in ms. It counts once all the same. */
const AGAIN = 5_000;
/** Longest pause between attempts to read the log, in ms. */
const RETRY = { first: 20, most: 2_000 };
/** How long no entry must have come for a look to be taken for the whole log, in ms. */
const QUIET = 60;

/**
 * The ledger of one topic as this process reads it: follows the log through every loss of connection, folds each entry,
 * and appends. All memberships, clients and fleet actions of a process share one.
 */
export class TopicLedger {
  readonly topic: string;
  readonly #broker: Broker;
  readonly #name: string;
  readonly #listeners = new Set<LedgerListener>();
  readonly #awaited = new Map<string, (landed: Landed) => void>();
  readonly #closing = new AbortController();
  #state: LedgerState = EMPTY_LEDGER;
  #last: Exclude<LogStart, 'first'> | undefined;
  #readAt = -Infinity;
  #following = false;
  #support: LogSupport | undefined;
  #problem: Error | undefined;
  #waiting: (() => void)[] = [];
  #begun: Promise<void> | undefined;

  /** @param name of the log. */
  constructor(broker: Broker, topic: string, name: string) {
    this.#broker = broker;
    this.topic = topic;
    this.#name = name;
  }

  /** What the log comes to as far as it was read. */
  get state(): LedgerState {
    return this.#state;
  }

  /** Whether entries are coming in now. While they are not, there may be some that this process does not know. */
  get following(): boolean {
    return this.#following;
  }

  /** Whether the broker has logs; undefined while that is not known. */
  get support(): LogSupport | undefined {
    return this.#support;
  }

  /** Why the log could not be followed when that was last tried; undefined while it is. */
  get problem(): Error | undefined {
    return this.#problem;
  }

  /** Called for every entry, in their order; answers a function that stops it. */
  watch(listener: LedgerListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Follows the log from now on, and answers whether the broker has logs at all.
   * @throws LynchpinError `CLOSED`; the signal's reason.
   */
  async ready(signal: AbortSignal): Promise<LogSupport> {
    this.#begun ??= this.#follow();
    while (this.#support === undefined) {
      signal.throwIfAborted();
      if (this.#closing.signal.aborted) throw new LynchpinError('CLOSED', 'the bus is closed');
      await unlessAborted(new Promise<void>((resolve) => this.#waiting.push(resolve)), signal);
    }
    return this.#support;
  }

  /**
   * Appends an entry and reads until it comes back: then everything that was appended before it is known as well.
   * @throws LynchpinError `NO_LEDGER` when the broker has no logs, `FORBIDDEN`, `REJECTED`, `CLOSED`; the signal's reason, and the entry may
   *   still appear.
   */
  async append(entry: Entry, signal: AbortSignal): Promise<Landed> {
    const support = await this.ready(signal);
    if (!support.supported) throw noLedger(this.topic, support.reason);
    let here: Landed | undefined;
    const back = new Promise<void>((resolve) =>
      this.#awaited.set(entry.id, (landed) => {
        here = landed;
        resolve();
      }),
    );
    const enough = AbortSignal.any([signal, this.#closing.signal]);
    const backoff = new Backoff(RETRY.first, RETRY.most);
    try {
      while (here === undefined) {
        const outcome = await this.#broker.publish(this.#message(entry), enough);
        if (outcome === 'confirmed') await Promise.race([back, pause(AGAIN, enough)]);
        else {
          // A node that is stopping returns entries although the log is there.
          await backoff.wait(enough);
          await this.#broker.ensureLog(this.#name).catch(() => undefined);
        }
        enough.throwIfAborted();
      }
      return here;
    } finally {
      this.#awaited.delete(entry.id);
    }
  }

  /** What the log comes to, read by somebody who has nothing to append: until no entry has come for a moment. */
  async look(signal: AbortSignal): Promise<LedgerState> {
    const support = await this.ready(signal);
    if (!support.supported) return this.#state;
    const begun = performance.now();
    while (!this.#following || performance.now() - Math.max(begun, this.#readAt) < QUIET) {
      signal.throwIfAborted();
      if (this.#closing.signal.aborted) throw new LynchpinError('CLOSED', 'the bus is closed');
      await pause(QUIET / 4, signal);
    }
    return this.#state;
  }

  async close(): Promise<void> {
    this.#closing.abort(new LynchpinError('CLOSED', 'the bus is closed'));
    this.#listeners.clear();
    this.#wake();
    await this.#begun;
  }

  async #follow(): Promise<void> {
    const { signal } = this.#closing;
    const backoff = new Backoff(RETRY.first, RETRY.most);
    while (!signal.aborted) {
      try {
        await this.#broker.ready(signal);
        this.#support = await this.#broker.ensureLog(this.#name);
        this.#wake();
        if (!this.#support.supported) return;
        await this.#read(() => backoff.reset());
      } catch (error) {
        if (signal.aborted || this.#broker.state === 'closed') break;
        this.#problem = error as Error;
        // The log is not the one that was read: nothing of that counts any more.
        if (LynchpinError.is(error, 'PROTOCOL') && this.#last !== undefined) this.#forget();
      }
      await backoff.wait(signal);
    }
    this.#closing.abort(new LynchpinError('CLOSED', 'the bus is closed'));
    this.#wake();
  }

  /** Reads until the reader is lost or this is closed. */
  async #read(onOpen: () => void): Promise<void> {
    const { signal } = this.#closing;
    let lose!: () => void;
    const lost = new Promise<void>((resolve) => {
      lose = resolve;
    });
    const reader: LogReader = await this.#broker.openLog(this.#name, this.#last ?? 'first', {
      onEntry: ({ offset, body, messageId }) => this.#take(offset, body, messageId),
      onLost: lose,
    });
    try {
      onOpen();
      this.#problem = undefined;
      // What is there already may still be on its way.
      this.#readAt = performance.now();
      this.#following = true;
      signal.addEventListener('abort', lose, { once: true });
      if (!signal.aborted) await lost;
    } finally {
      this.#following = false;
      signal.removeEventListener('abort', lose);
      await reader.close().catch(() => undefined);
    }
  }

  #take(offset: number, body: Buffer, messageId: string | undefined): void {
    const entry = parseEntry(body);
    this.#state = fold(this.#state, entry, offset);
    this.#last = { offset, messageId };
    this.#readAt = performance.now();
    const state = this.#state;
    if (messageId !== undefined) {
      this.#awaited.get(messageId)?.({ offset, state });
      this.#awaited.delete(messageId);
    }
    for (const listener of Array.from(this.#listeners)) listener(state, entry);
  }

  #forget(): void {
    this.#state = EMPTY_LEDGER;
    this.#last = undefined;
  }

  #message(entry: Entry): Parameters<Broker['publish']>[0] {
    return {
      exchange: '',
      routingKey: this.#name,
      messageId: entry.id,
      type: entry.kind,
      appId: entry.author,
      userId: this.#broker.userId,
      persistent: true,
      contentType: 'application/json',
      body: Buffer.from(entryBody(entry)),
    };
  }

  #wake(): void {
    for (const resume of this.#waiting.splice(0)) resume();
  }
}

/** What needs the ledger cannot be had. */
export function noLedger(topic: string, reason: string): LynchpinError {
  return new LynchpinError(
    'NO_LEDGER',
    `the broker has no streams, which the ledger of ${topic} is kept in (${reason}): pins and holds work without one, finalizing does not; RabbitMQ has streams since 3.9, behind the feature flag stream_queue`,
    { topic },
  );
}
