import { randomBytes } from 'node:crypto';
import type { Broker, Delivery, Intake } from '../broker/index.js';
import { LynchpinError } from '../errors/index.js';
import { Backoff, CONTROL, pause, unlessAborted, whichever } from '../rpc/index.js';
import { EMPTY_LEDGER, fold, parseEntry, type Entry, type LedgerState } from './ledger/index.js';

/** What holds are kept and told by where the broker has no logs. */
export interface HoldsNames {
  /** The queue of the holds. */
  readonly holds: string;
  /** The fanout exchange for hints. */
  readonly notices: string;
}

/** How often the queue is counted when nobody has said that it holds something new, in ms. */
const EVERY = 2_000;
/** How long reading may take before it is tried again, in ms. */
const LATE = 5_000;
const RETRY = { first: 20, most: 1_000 };
/** What marks the end of what is read: it is taken off again at once. */
const MARK = 'end';

/**
 * The holds of one topic where the broker has no logs: a queue of entries that nobody takes off. A reader consumes it
 * exclusively, as far as a mark that it puts behind everything, and gives it all back. So whoever has read it knows
 * everything that was written before. A queue keeps no order that everyone sees alike, which holds do not need: each entry
 * names what it is about. Only holds and their releases can be kept so.
 */
export class HoldsQueue {
  readonly #broker: Broker;
  readonly #names: HoldsNames;
  readonly #onRead: (state: LedgerState) => void;
  readonly #closing = new AbortController();
  #state: LedgerState = EMPTY_LEDGER;
  /** How many entries it had when it was read; undefined before that, and after a lost connection. */
  #count: number | undefined;
  #following = false;
  #poked = new AbortController();
  #reading: Promise<void> | undefined;
  #hearing: Intake | undefined;

  /** @param onRead told whenever it was read and something had changed. */
  constructor(broker: Broker, names: HoldsNames, onRead: (state: LedgerState) => void) {
    this.#broker = broker;
    this.#names = names;
    this.#onRead = onRead;
  }

  /** Whether what it holds is known. */
  get following(): boolean {
    return this.#following;
  }

  /** Keeps reading until it is closed. */
  async follow(): Promise<void> {
    const { signal } = this.#closing;
    const backoff = new Backoff(RETRY.first, RETRY.most);
    const unwatch = this.#broker.watch((state) => {
      if (state !== 'up' && state !== 'blocked') this.#lose();
    });
    while (!signal.aborted && this.#broker.state !== 'closed') {
      try {
        await this.#broker.ready(signal);
        await this.#listen();
        await unlessAborted(this.#look(), signal);
        backoff.reset();
        this.#poked = new AbortController();
        const woken = whichever(this.#poked.signal, signal);
        await pause(EVERY * (0.75 + Math.random() / 2), woken.signal);
        woken.release();
      } catch {
        this.#lose();
        await backoff.wait(signal);
      }
    }
    unwatch();
    await this.#hearing?.close().catch(() => undefined);
  }

  /** What it comes to now. @throws the signal's reason. */
  async look(signal: AbortSignal): Promise<LedgerState> {
    this.#count = undefined;
    const backoff = new Backoff(RETRY.first, RETRY.most);
    for (;;) {
      try {
        await unlessAborted(this.#look(), signal);
        if (this.#following) return this.#state;
      } catch (error) {
        if (signal.aborted || LynchpinError.is(error, 'FORBIDDEN', 'CLOSED')) throw error;
      }
      await backoff.wait(signal);
      signal.throwIfAborted();
    }
  }

  /** Writes a hold or a release, and tells everyone. */
  async append(entry: Entry, body: string, signal: AbortSignal): Promise<LedgerState> {
    const { holds, notices } = this.#names;
    const message = { exchange: '', routingKey: holds, messageId: entry.id, type: entry.kind, appId: entry.author, persistent: true };
    await this.#broker.ensureQueue(holds);
    while ((await this.#broker.publish({ ...message, body: Buffer.from(body) }, signal)) === 'returned')
      await this.#broker.ensureQueue(holds);
    const state = await this.look(signal);
    await this.#broker.ensureExchange(notices, 'fanout');
    const notice = { exchange: notices, routingKey: '', type: CONTROL.holds, expiration: EVERY, body: Buffer.alloc(0) };
    await this.#broker.publish(notice, signal);
    return state;
  }

  close(): void {
    this.#closing.abort(new LynchpinError('CLOSED', 'the bus is closed'));
  }

  #lose(): void {
    this.#following = false;
    this.#count = undefined;
  }

  /** Reads it if it may have changed. One at a time. */
  #look(): Promise<void> {
    this.#reading ??= this.#lookOnce().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async #lookOnce(): Promise<void> {
    const { holds } = this.#names;
    const count = await this.#broker.ensureQueue(holds);
    if (!count.known) throw new LynchpinError('CONNECTION', `the queue ${holds} cannot be counted: ${count.reason}`);
    // Fewer: somebody is reading it, and gives it all back.
    if (this.#count !== undefined && count.ready <= this.#count) return;
    const entries = await this.#read();
    this.#count = entries.length;
    this.#following = true;
    const state = stateOf(entries);
    if (JSON.stringify(state) === JSON.stringify(this.#state)) return this.#onRead(this.#state);
    this.#state = state;
    this.#onRead(state);
  }

  async #read(): Promise<readonly Delivery[]> {
    const { holds } = this.#names;
    const mark = randomBytes(9).toString('base64url');
    const found: Delivery[] = [];
    let end!: (whole: boolean) => void;
    const ended = new Promise<boolean>((resolve) => {
      end = resolve;
    });
    const late = setTimeout(() => end(false), LATE);
    const intake = await this.#broker.openIntake(() => end(false));
    try {
      await intake.consume(holds, { prefetch: 0, exclusive: true }, (delivery) => {
        if (delivery.type !== MARK) found.push(delivery);
        else {
          intake.ack(delivery);
          if (delivery.messageId === mark) end(true);
        }
      });
      const message = { exchange: '', routingKey: holds, messageId: mark, type: MARK, expiration: LATE, body: Buffer.alloc(0) };
      await this.#broker.publish(message, AbortSignal.timeout(LATE));
      if (!(await ended)) throw new LynchpinError('CONNECTION', `the queue ${holds} was lost while it was read`);
      return found;
    } finally {
      clearTimeout(late);
      await intake.close().catch(() => undefined);
    }
  }

  /** Hints by which it is read at once. Without them it is read all the same, only later. */
  async #listen(): Promise<void> {
    if (this.#hearing?.open === true) return;
    try {
      await this.#broker.ensureExchange(this.#names.notices, 'fanout');
      const intake = await this.#broker.openIntake(() => undefined);
      const inbox = await intake.inbox([this.#names.notices]);
      await intake.consume(inbox, { prefetch: 0, noAck: true }, ({ type }) => {
        if (type === CONTROL.holds) this.#poked.abort();
      });
      this.#hearing = intake;
    } catch {
      // The count is what is relied upon.
    }
  }
}

/** Folds what is on the queue: first all holds, then what ends them, for a queue may give back in another order. */
function stateOf(deliveries: readonly Delivery[]): LedgerState {
  const entries = deliveries.map(({ body }) => parseEntry(body));
  const kept = [...entries.filter(({ kind }) => kind !== 'release'), ...entries.filter(({ kind }) => kind === 'release')];
  return kept.reduce((state, entry, at) => fold(state, entry, at), EMPTY_LEDGER);
}
