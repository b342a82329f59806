import type { Channel, ConsumeMessage } from 'amqplib';
import { LynchpinError } from '../../errors/index.js';
import { forbiddenError, lostError, notALogError, otherLogError } from '../failures.js';
import type { LogAnchor, LogEntry, LogHandlers, LogReader, LogStart } from '../log.js';
import { deliveryOf, tagged } from './delivery.js';
import { Life } from './life.js';
import { reasonOf, refusalOf } from './refusal.js';
import { LATE, within } from './within.js';

const LIMIT = 10_000;
/** A stream wants a bound. Large enough that a reader from the start never waits for its own acknowledgements. */
const PREFETCH = 500;
const OFFSET = 'x-stream-offset';

/** What a reader knows of what it reads. */
export interface LogReaderFacts {
  readonly address: string;
  readonly name: string;
  readonly start: LogStart;
}

/** A channel with one consumer of a stream. Acknowledging takes nothing away; it only makes room for more. */
export class AmqpLogReader implements LogReader {
  readonly #life: Life;
  readonly #facts: LogReaderFacts;
  readonly #handlers: LogHandlers;
  /** The entry to begin behind, until it has come. */
  #anchor: LogAnchor | undefined;
  #onAnchor: () => void = () => {};
  #refuse: (cause: unknown) => void = () => {};
  #opened = false;
  /** The offset of the entry that came last. */
  #last: number;
  #tag: number | undefined;
  readonly #flush = (): void => this.#acknowledge();

  private constructor(channel: Channel, all: Set<Life>, facts: LogReaderFacts, handlers: LogHandlers) {
    this.#facts = facts;
    this.#handlers = handlers;
    const { start } = facts;
    this.#anchor = typeof start === 'object' && 'offset' in start ? start : undefined;
    const from = typeof start === 'object' ? ('from' in start ? start.from : start.offset) : 0;
    this.#last = from - 1;
    this.#life = new Life(channel, all, { address: facts.address, what: `the channel that reads ${facts.name}` }, (cause, refusal) => {
      if (this.#opened) handlers.onLost(cause);
      else this.#refuse(refusal ?? cause);
    });
  }

  static async open(channel: Channel, all: Set<Life>, facts: LogReaderFacts, handlers: LogHandlers): Promise<LogReader> {
    const reader = new AmqpLogReader(channel, all, facts, handlers);
    try {
      if ((await within(reader.#begin(), LIMIT)) === LATE) throw new Error(`no answer within ${LIMIT} ms`);
      reader.#opened = true;
      return reader;
    } catch (error) {
      const cause = logFailure(error, facts.address, facts.name);
      reader.#life.lose(cause);
      throw cause;
    }
  }

  get open(): boolean {
    return this.#life.open;
  }

  close(): Promise<void> {
    return this.#life.end();
  }

  async #begin(): Promise<void> {
    const { name } = this.#facts;
    const { channel } = this.#life;
    const begun = new Promise<void>((resolve, reject) => {
      this.#refuse = reject;
      if (this.#anchor === undefined) resolve();
      else this.#onAnchor = resolve;
    });
    const options = { noAck: false, arguments: { [OFFSET]: typeof this.#facts.start === 'string' ? this.#facts.start : this.#last + 1 } };
    await Promise.all([channel.prefetch(PREFETCH), channel.consume(name, (message) => this.#hand(message), options), begun]);
    if (!this.#life.open) throw lostError(this.#facts.address, `the channel that reads ${name} is gone`);
  }

  #hand(message: ConsumeMessage | null): void {
    if (!this.#life.open) return;
    const { address, name } = this.#facts;
    if (message === null) {
      this.#life.lose(lostError(address, `the broker ended a reader of ${name}`));
      return;
    }
    if (this.#tag === undefined) process.nextTick(this.#flush);
    this.#tag = message.fields.deliveryTag;
    const entry = entryOf(message);
    try {
      if (entry === undefined) throw notALogError(address, name);
      // The broker keeps and may hand out several entries as one.
      if (entry.offset <= this.#last) return;
      this.#last = entry.offset;
      if (this.#anchor === undefined) this.#handlers.onEntry(entry);
      else this.#begins(entry, this.#anchor);
    } catch (error) {
      this.#life.lose(error as Error);
    }
  }

  #begins(entry: LogEntry, anchor: LogAnchor): void {
    if (entry.offset !== anchor.offset || entry.messageId !== anchor.messageId)
      throw otherLogError(this.#facts.address, this.#facts.name, anchor.offset);
    this.#anchor = undefined;
    this.#onAnchor();
  }

  #acknowledge(): void {
    const tag = this.#tag;
    this.#tag = undefined;
    if (tag !== undefined && this.#life.open) this.#life.channel.ack(tagged(tag), true);
  }
}

/** What the broker's refusal to let a log be read means. */
export function logFailure(error: unknown, address: string, name: string): LynchpinError {
  if (LynchpinError.is(error)) return error;
  const refusal = refusalOf(error);
  const reason = reasonOf(error);
  if (refusal === 'forbidden') return forbiddenError(address, `read the log ${name}`);
  if (refusal === 'condition' && reason.includes(OFFSET)) return notALogError(address, name);
  if (refusal === 'condition' && reason.includes('replica')) {
    const what = `the node of this connection has no copy of the log ${name} (add one with "rabbitmq-streams add_replica")`;
    return lostError(address, what, error);
  }
  return lostError(address, `could not read the log ${name} (${reason})`, error);
}

function entryOf(message: ConsumeMessage): LogEntry | undefined {
  const { headers, messageId, userId, type, appId, body } = deliveryOf(message, '');
  const offset = headers?.[OFFSET];
  return typeof offset === 'number' ? { offset, body, messageId, userId, type, appId } : undefined;
}
