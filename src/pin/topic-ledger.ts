import type { Broker, LogAnchor, LogEntry, LogSupport, Outgoing } from '../broker/index.js';
import { LynchpinError } from '../errors/index.js';
import { Backoff, pause, unlessAborted, whichever } from '../rpc/index.js';
import { HoldsQueue, type HoldsNames } from './holds-queue.js';
import { EMPTY_LEDGER, entryBody, fold, LEDGER_FORMAT, parseEntry, type Entry, type LedgerState } from './ledger/index.js';
import { endOf } from './log-end.js';
import { STRIDES, Tail, type Strides } from './tail.js';

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
/** An attempt to read on from where reading ended that took longer than this, in ms, and came to nothing: the log may be another one. */
const SILENT = 5_000;
/** How long no entry must have come for a look to be taken for the whole log, in ms. */
const QUIET = 60;
/** How many times the end of a long log is tried before it is read from the first entry to the last. */
const SHORTCUTS = 3;

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
  #last: LogAnchor | undefined;
  /** How many entries stand behind the last snapshot that counted. */
  #unsummed = 0;
  /** How many entries this reader has read. */
  #count = 0;
  /** How many times it may still be looked whether the log is long, and whether it is to be looked now. */
  #shortcuts = SHORTCUTS;
  #seeking = false;
  /** What is being read without its beginning. */
  #tail: Tail | undefined;
  readonly #strides: Strides;
  /** Whether everything that was there when this reader was opened is known to have come. */
  #caughtUp = false;
  #readAt = -Infinity;
  #following = false;
  #support: LogSupport | undefined;
  #problem: Error | undefined;
  #waiting: (() => void)[] = [];
  #begun: Promise<void> | undefined;
  readonly #holds: HoldsQueue | undefined;

  /**
   * @param name of the log.
   * @param holds where holds are kept if the broker has no logs; without it, nowhere.
   * @param strides how a long log is read.
   */
  constructor(broker: Broker, topic: string, name: string, holds?: HoldsNames, strides: Strides = STRIDES) {
    this.#broker = broker;
    this.#strides = strides;
    this.topic = topic;
    this.#name = name;
    this.#holds = holds && new HoldsQueue(broker, holds, (state) => this.#replace(state));
  }

  /** What the log comes to as far as it was read. */
  get state(): LedgerState {
    return this.#state;
  }

  /** How many entries stand behind the last snapshot that counted: whoever comes has to read all of them. */
  get unsummed(): number {
    return this.#unsummed;
  }

  /** Whether entries are coming in now. While they are not, there may be some that this process does not know. */
  get following(): boolean {
    if (this.#support?.supported === false) return this.#holds?.following ?? true;
    return this.#following && this.#tail === undefined;
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
   * @throws LynchpinError `FORBIDDEN` when the account may not read the log, `CLOSED`; the signal's reason.
   */
  async ready(signal: AbortSignal): Promise<LogSupport> {
    this.#begun ??= this.#follow();
    for (;;) {
      if (LynchpinError.is(this.#problem, 'FORBIDDEN')) throw this.#problem;
      if (this.#support !== undefined) return this.#support;
      signal.throwIfAborted();
      if (this.#closing.signal.aborted) throw new LynchpinError('CLOSED', 'the bus is closed');
      await unlessAborted(new Promise<void>((resolve) => this.#waiting.push(resolve)), signal);
    }
  }

  /**
   * Appends an entry and reads until it comes back: then everything that was appended before it is known as well.
   * Where the broker has no logs, holds and their releases can be written all the same.
   * @throws LynchpinError `NO_LEDGER` for everything else when the broker has no logs, `FORBIDDEN`, `REJECTED`, `CLOSED`; the signal's reason, and the entry may
   *   still appear.
   */
  async append(entry: Entry, signal: AbortSignal): Promise<Landed> {
    const support = await this.ready(signal);
    if (!support.supported) {
      if (this.#holds === undefined || (entry.kind !== 'hold' && entry.kind !== 'release')) throw noLedger(this.topic, support.reason);
      const state = await this.#holds.append(entry, entryBody(entry), signal);
      return { offset: state.offset, state };
    }
    const found: Landed[] = [];
    const back = new AbortController();
    this.#awaited.set(entry.id, (landed) => {
      found.push(landed);
      back.abort();
    });
    const bound = whichever(signal, this.#closing.signal);
    const enough = bound.signal;
    const awaited = whichever(enough, back.signal).signal;
    const backoff = new Backoff(RETRY.first, RETRY.most);
    const message = this.#message(entry, entryBody(entry));
    try {
      while (found.length === 0) {
        const outcome = await this.#broker.publish(message, awaited);
        if (outcome === 'confirmed') await pause(AGAIN, awaited);
        else {
          // A node that is stopping returns entries although the log is there.
          await backoff.wait(awaited);
          await unlessAborted(this.#broker.ensureLog(this.#name), awaited).catch(() => undefined);
        }
        enough.throwIfAborted();
      }
    } catch (error) {
      // Once it is there, it is there, whether its confirm comes or not.
      if (found.length === 0) throw error;
    } finally {
      bound.release();
      this.#awaited.delete(entry.id);
    }
    return found[0] as Landed;
  }

  /**
   * What the log comes to, read by somebody who has nothing to append: as far as it reached when this began, and until no
   * entry has come for a moment.
   */
  async look(signal: AbortSignal): Promise<LedgerState> {
    const support = await this.ready(signal);
    if (!support.supported) return this.#holds === undefined ? this.#state : this.#holds.look(signal);
    const begun = performance.now();
    const done = new AbortController();
    const asking = whichever(signal, this.#closing.signal, done.signal);
    let end = this.#caughtUp ? -1 : undefined;
    if (end === undefined)
      void endOf(this.#broker, this.#name, asking.signal).then(
        (offset) => (end = offset),
        () => (end = -1),
      );
    // A log of which nothing has come may be empty, and then nobody says where it ends.
    const reached = (): boolean =>
      end === undefined ? this.#state.offset < 0 || performance.now() - begun > SILENT : this.#state.offset >= end;
    try {
      while (!this.following || !reached() || performance.now() - Math.max(begun, this.#readAt) < QUIET) {
        signal.throwIfAborted();
        if (this.#closing.signal.aborted) throw new LynchpinError('CLOSED', 'the bus is closed');
        await pause(QUIET / 4, signal);
      }
    } finally {
      done.abort();
      asking.release();
    }
    this.#isCaughtUp();
    return this.#state;
  }

  async close(): Promise<void> {
    this.#closing.abort(new LynchpinError('CLOSED', 'the bus is closed'));
    this.#holds?.close();
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
        // Not waited for when this is closed: a log that does not answer may take ten seconds to say so.
        this.#support = await unlessAborted(this.#broker.ensureLog(this.#name), signal);
        this.#wake();
        if (!this.#support.supported) return await this.#holds?.follow();
        if (this.#seeking) await this.#seek();
        if ((await this.#read(() => backoff.reset())) === 'elsewhere') continue;
        this.#tail = undefined;
      } catch (error) {
        if (signal.aborted || this.#broker.state === 'closed') break;
        this.#problem = error as Error;
        this.#tail = undefined;
        // The log is not the one that was read: nothing of that counts any more.
        if (LynchpinError.is(error, 'PROTOCOL') && this.#last !== undefined) this.#forget(error);
        this.#wake();
      }
      await backoff.wait(signal);
    }
    this.#closing.abort(new LynchpinError('CLOSED', 'the bus is closed'));
    this.#wake();
  }

  /** Looks whether so much of the log is left to read that a snapshot near its end is worth looking for. */
  async #seek(): Promise<void> {
    this.#seeking = false;
    this.#shortcuts -= 1;
    const enough = whichever(this.#closing.signal, AbortSignal.timeout(SILENT));
    try {
      this.#tail = Tail.of(this.#state.offset, await endOf(this.#broker, this.#name, enough.signal), this.#strides);
    } catch {
      // Whatever it is, who reads on meets it as well.
    } finally {
      enough.release();
    }
  }

  /** Reads until the reader is lost or this is closed, or until it is better to go on elsewhere in the log. */
  async #read(onOpen: () => void): Promise<'lost' | 'elsewhere'> {
    const { signal } = this.#closing;
    const tail = this.#tail;
    let elsewhere = false;
    this.#count = 0;
    this.#caughtUp = false;
    let lose!: () => void;
    const lost = new Promise<void>((resolve) => {
      lose = resolve;
    });
    const onEntry = (entry: LogEntry): void => {
      if (elsewhere || this.#take(entry)) return;
      elsewhere = true;
      this.#following = false;
      lose();
    };
    const start = tail === undefined ? (this.#last ?? 'first') : { from: tail.from };
    const opening = this.#broker.openLog(this.#name, start, { onEntry, onLost: lose });
    const begun = performance.now();
    const reader = await unlessAborted(opening, signal).catch((error: unknown) => {
      void opening.then((late) => late.close()).catch(() => undefined);
      if (!signal.aborted && this.#last !== undefined && performance.now() - begun > SILENT) this.#knock();
      throw error;
    });
    // Nobody has looked whether there is anything so far on in this log.
    const stalled =
      tail &&
      setInterval(() => {
        if (this.#tail !== undefined && performance.now() - this.#readAt > SILENT) lose();
      }, SILENT);
    try {
      onOpen();
      this.#problem = undefined;
      // What is there already may still be on its way.
      this.#readAt = performance.now();
      this.#following = !elsewhere;
      signal.addEventListener('abort', lose, { once: true });
      if (!signal.aborted) await lost;
    } finally {
      clearInterval(stalled);
      this.#following = false;
      signal.removeEventListener('abort', lose);
      const ended = reader.close().catch(() => undefined);
      // A broker that blocks what is published does not answer; its connection is closed next in any case.
      if (!signal.aborted) await ended;
    }
    return elsewhere ? 'elsewhere' : 'lost';
  }

  /** Answers false when reading is to go on elsewhere in the log. */
  #take({ offset, body, messageId }: LogEntry): boolean {
    const entry = parseEntry(body);
    this.#readAt = performance.now();
    const awaited = messageId === undefined ? undefined : this.#awaited.get(messageId);
    const tail = this.#tail;
    const shown = tail?.take(entry, offset, awaited !== undefined);
    if (tail !== undefined && shown === 'vain') {
      this.#tail = tail.longer(this.#state.offset);
      if (this.#tail === undefined) this.#shortcuts = 0;
    }
    if (tail !== undefined && shown !== 'sure') return shown === 'unsure';
    this.#tail = undefined;
    this.#state = tail === undefined ? fold(this.#state, entry, offset) : tail.state;
    this.#last = { offset, messageId };
    this.#unsummed = entry.kind === 'snapshot' && this.#state.outcome.kind === 'counted' ? 0 : this.#unsummed + 1;
    if (messageId !== undefined && awaited !== undefined) {
      this.#isCaughtUp();
      awaited({ offset, state: this.#state });
      this.#awaited.delete(messageId);
    }
    // Of what came before it nobody here has heard: it is not the snapshot that changed anything.
    this.#tell(tail === undefined ? entry : { kind: 'foreign', why: 'what is before this was not read one by one' });
    this.#count += 1;
    this.#seeking = !this.#caughtUp && this.#count === this.#strides.first && this.#shortcuts > 0;
    return !this.#seeking;
  }

  #isCaughtUp(): void {
    this.#caughtUp = true;
    this.#shortcuts = SHORTCUTS;
  }

  /** What holds there are was read anew, where there is no log. */
  #replace(state: LedgerState): void {
    this.#state = state;
    this.#tell({ kind: 'foreign', why: 'the holds were read' });
  }

  /** The log was deleted and made anew. Whoever was a member is one no longer, and has to hear of it before anybody writes. */
  #forget({ message }: LynchpinError): void {
    this.#state = EMPTY_LEDGER;
    this.#last = undefined;
    this.#unsummed = 0;
    this.#tell({ kind: 'foreign', why: message });
  }

  /**
   * Writes an entry that says nothing. A log that was deleted and made anew is empty, and RabbitMQ is silent then to who asks
   * for what was read last: by the next entry every reader sees that it is another log.
   */
  #knock(): void {
    const knock = { ledger: LEDGER_FORMAT, kind: 'knock', ignorable: true, id: 'knock', author: '' };
    void this.#broker.publish(this.#message(knock, JSON.stringify(knock)), AbortSignal.timeout(SILENT)).catch(() => undefined);
  }

  #tell(entry: ReturnType<typeof parseEntry>): void {
    const state = this.#state;
    for (const listener of Array.from(this.#listeners)) {
      try {
        listener(state, entry);
      } catch (fault) {
        // A listener's fault is shown like any other that nobody catches, but the log is read on, for all the others.
        queueMicrotask(() => {
          throw fault;
        });
      }
    }
  }

  #message({ id, kind, author }: Pick<Entry, 'id' | 'author'> & { readonly kind: string }, body: string): Outgoing {
    return {
      exchange: '',
      routingKey: this.#name,
      messageId: id,
      type: kind,
      appId: author,
      userId: this.#broker.userId,
      persistent: true,
      contentType: 'application/json',
      body: Buffer.from(body),
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
