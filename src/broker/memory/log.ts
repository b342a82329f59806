import type { LogEntry, LogStart } from '../log.js';
import type { Outgoing } from '../message.js';
import type { Ailment } from './queue.js';

/** After so many entries an offset is left out, as a broker does that numbers records of its own in the same row. */
const GAP_EVERY = 4;

/** One reader, as its log sees it. */
export interface LogSubscriber {
  take(entry: LogEntry): void;
  /** The log is gone, or its node is. */
  cancelled(cause: string): void;
}

/** A log: entries in their order, all of them for every reader, and none is ever taken away. */
export class MemoryLog {
  readonly name: string;
  ailment: Ailment | undefined;
  readonly #entries: LogEntry[] = [];
  readonly #subscribers = new Set<LogSubscriber>();
  #waiting: (() => void)[] = [];
  #next = 0;

  constructor(name: string) {
    this.name = name;
  }

  push(message: Outgoing): void {
    const { messageId, userId, type, appId } = message;
    const entry: LogEntry = { offset: this.#next, body: Buffer.from(message.body), messageId, userId, type, appId };
    this.#entries.push(entry);
    this.#next += this.#entries.length % GAP_EVERY === 0 ? 2 : 1;
    for (const subscriber of this.#subscribers) subscriber.take(entry);
  }

  /** Hands over what is there, and from now on what comes. Answers false when the entry to begin behind is not there. */
  subscribe(subscriber: LogSubscriber, start: LogStart): boolean {
    let index = 0;
    if (start === 'last') index = Math.max(0, this.#entries.length - 1);
    else if (start !== 'first' && 'from' in start) {
      const from = this.#entries.findIndex(({ offset }) => offset >= start.from);
      index = from < 0 ? this.#entries.length : from;
    } else if (start !== 'first') {
      const anchor = this.#entries.findIndex(({ offset }) => offset === start.offset);
      if (anchor < 0 || this.#entries[anchor]?.messageId !== start.messageId) return false;
      index = anchor + 1;
    }
    for (const entry of this.#entries.slice(index)) subscriber.take(entry);
    this.#subscribers.add(subscriber);
    return true;
  }

  unsubscribe(subscriber: LogSubscriber): void {
    this.#subscribers.delete(subscriber);
  }

  /** Tells every reader that it is one no longer. */
  dismiss(cause: string): void {
    for (const subscriber of this.#subscribers) subscriber.cancelled(cause);
    this.#subscribers.clear();
  }

  /** Has work wait until the log answers again. */
  whenHealed(work: () => void): void {
    this.#waiting.push(work);
  }

  heal(): void {
    this.ailment = undefined;
    for (const work of this.#waiting.splice(0)) work();
  }
}
