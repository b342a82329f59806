import type { ConfirmChannel, Message } from 'amqplib';
import { LynchpinError } from '../../errors/index.js';
import { pauseBefore } from '../backoff.js';
import { closedError, forbiddenError } from '../failures.js';
import type { Outgoing } from '../message.js';
import { publishOptions, returnedOf } from './delivery.js';
import { Life } from './life.js';
import type { Link } from './link.js';
import { reasonOf, refusalOf } from './refusal.js';

type Outcome = 'confirmed' | 'returned';

/** One message on its way, over as many channels as it takes. */
interface Entry {
  readonly message: Outgoing;
  readonly settle: (outcome: Outcome | Error) => void;
  returned: boolean;
  refusals: number;
  /** Where it was sent last, and not answered yet. */
  sent: Sending | undefined;
  settled: boolean;
}

/** A confirm channel and what is on it, in the order in which it was sent. */
interface Sending {
  readonly life: Life<ConfirmChannel>;
  readonly inFlight: Set<Entry>;
  full: boolean;
}

export interface PublisherOptions {
  readonly link: Link;
  readonly address: string;
  readonly backoff: { readonly first: number; readonly most: number };
}

/** Publishes with confirm, again and again until it is known what became of each message. */
export class Publisher {
  readonly #options: PublisherOptions;
  readonly #unsettled = new Set<Entry>();
  #waiting: Entry[] = [];
  /**
   * What was in flight when the broker closed the channel over one of them. Nothing says which: they go one by one, until
   * the culprit is alone with its channel.
   */
  #suspects: Entry[] = [];
  #sending: Sending | undefined;
  #opening = false;
  #failures = 0;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;
  #onIdle: (() => void)[] = [];

  constructor(options: PublisherOptions) {
    this.#options = options;
  }

  publish(message: Outgoing, signal?: AbortSignal): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      const abort = (): void => entry.settle(signal?.reason as Error);
      const entry: Entry = {
        // It may have to be sent again, when the sender has long done something else with its bytes.
        message: { ...message, body: Buffer.from(message.body) },
        returned: false,
        refusals: 0,
        sent: undefined,
        settled: false,
        settle: (outcome) => {
          if (entry.settled) return;
          entry.settled = true;
          signal?.removeEventListener('abort', abort);
          this.#unsettled.delete(entry);
          if (outcome === 'confirmed' || outcome === 'returned') resolve(outcome);
          else reject(outcome);
          if (this.#unsettled.size === 0) for (const idle of this.#onIdle.splice(0)) idle();
        },
      };
      signal?.addEventListener('abort', abort, { once: true });
      this.#unsettled.add(entry);
      this.#waiting.push(entry);
      this.#pump();
    });
  }

  /** The connection is there again. */
  resume(): void {
    this.#failures = 0;
    this.#pump();
  }

  /** Resolves when nothing is under way. */
  idle(): Promise<void> {
    if (this.#unsettled.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#onIdle.push(resolve);
    });
  }

  /** Whatever is still under way fails. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    for (const entry of this.#unsettled) entry.settle(closedError(this.#options.address));
  }

  #pump(): void {
    if (this.#closed || (this.#waiting.length === 0 && this.#suspects.length === 0)) return;
    const sending = this.#sending;
    if (sending === undefined) {
      void this.#openChannel();
      return;
    }
    if (this.#suspects.length > 0) {
      if (sending.inFlight.size > 0) return;
      const suspect = this.#suspects.shift();
      if (suspect?.settled === false) this.#send(suspect, sending);
      else this.#pump();
      return;
    }
    if (sending.full) return;
    const waiting = this.#waiting;
    let sent = 0;
    while (sent < waiting.length && !sending.full && sending.life.open) {
      const entry = waiting[sent];
      sent += 1;
      if (entry?.settled === false) this.#send(entry, sending);
    }
    this.#waiting = sent === waiting.length ? [] : waiting.slice(sent);
  }

  #send(entry: Entry, sending: Sending): void {
    const { message } = entry;
    entry.returned = false;
    entry.sent = sending;
    sending.inFlight.add(entry);
    try {
      const room = sending.life.channel.publish(
        message.exchange,
        message.routingKey,
        message.body as Buffer,
        publishOptions(message),
        (refused: unknown) => this.#answered(entry, sending, refused),
      );
      if (!room) sending.full = true;
    } catch (error) {
      // It could not be encoded: nothing was sent.
      sending.inFlight.delete(entry);
      if (sending.life.open)
        entry.settle(new LynchpinError('PROTOCOL', `a message cannot be sent: ${reasonOf(error)}`, {}, { cause: error }));
      else this.#waiting.push(entry);
    }
  }

  #answered(entry: Entry, sending: Sending, refused: unknown): void {
    // After its channel is gone, amqplib says so of each message; what happens to them is decided in one place.
    if (entry.sent !== sending || !sending.life.open) return;
    entry.sent = undefined;
    sending.inFlight.delete(entry);
    if (refused === null || refused === undefined) entry.settle(entry.returned ? 'returned' : 'confirmed');
    else this.#refused(entry, sending);
    if (sending !== this.#sending && sending.inFlight.size === 0) void sending.life.end();
    else if (this.#suspects.length > 0 || this.#waiting.length > 0) this.#pump();
  }

  /** Refused by the queue, as in a fail-over: later, and on another channel, for this one may be refused for ever. */
  #refused(entry: Entry, sending: Sending): void {
    if (this.#sending === sending) this.#sending = undefined;
    const pause = pauseBefore(entry.refusals, this.#options.backoff);
    entry.refusals += 1;
    const timer = setTimeout(() => {
      if (entry.settled) return;
      this.#waiting.push(entry);
      this.#pump();
    }, pause);
    // The connection keeps the process alive; without one there is nothing to wait for.
    timer.unref();
  }

  #returned(sending: Sending, message: Message): void {
    const returned = returnedOf(message);
    // Returns come in the order of sending, each before its confirm: the first that fits is the one.
    for (const entry of sending.inFlight) {
      const { message: candidate } = entry;
      if (
        !entry.returned &&
        candidate.routingKey === returned.routingKey &&
        candidate.exchange === returned.exchange &&
        candidate.messageId === returned.messageId &&
        candidate.correlationId === returned.correlationId &&
        candidate.type === returned.type
      ) {
        entry.returned = true;
        return;
      }
    }
  }

  async #openChannel(): Promise<void> {
    if (this.#opening || !this.#options.link.up) return;
    this.#opening = true;
    try {
      const { link, address } = this.#options;
      const inFlight = new Set<Entry>();
      const channel = await link.confirmChannel();
      const life = new Life(channel, link.lives, { address, what: 'the channel for publishing' }, (_cause, refusal) =>
        this.#lost(sending, refusal),
      );
      const sending: Sending = { life, inFlight, full: false };
      channel.on('return', (message: Message) => this.#returned(sending, message));
      channel.on('drain', () => {
        sending.full = false;
        this.#pump();
      });
      this.#sending = sending;
      this.#failures = 0;
    } catch {
      this.#failures += 1;
    } finally {
      this.#opening = false;
    }
    if (this.#failures === 0) this.#pump();
    else this.#later();
  }

  #lost(sending: Sending, refusal: Error | undefined): void {
    if (this.#sending === sending) this.#sending = undefined;
    const entries = [...sending.inFlight].filter((entry) => !entry.settled);
    sending.inFlight.clear();
    for (const entry of entries) entry.sent = undefined;
    if (refusal === undefined || refusalOf(refusal) === 'lost') {
      this.#waiting = [...entries, ...this.#waiting];
    } else if (entries.length === 1) {
      this.#convict(entries[0] as Entry, refusal);
    } else {
      this.#suspects = [...entries, ...this.#suspects];
    }
    this.#pump();
  }

  #convict(entry: Entry, refusal: Error): void {
    const { exchange, routingKey } = entry.message;
    switch (refusalOf(refusal)) {
      case 'missing':
        entry.settle('returned');
        return;
      case 'forbidden':
        entry.settle(forbiddenError(this.#options.address, `publish to the exchange "${exchange}"`));
        return;
      default:
        entry.settle(
          new LynchpinError(
            'REJECTED',
            `the broker refuses a message to "${exchange}" with key "${routingKey}": ${reasonOf(refusal)}`,
            { exchange, routingKey },
            { cause: refusal },
          ),
        );
    }
  }

  #later(): void {
    clearTimeout(this.#timer);
    if (this.#closed || !this.#options.link.up) return;
    this.#timer = setTimeout(() => this.#pump(), pauseBefore(this.#failures, this.#options.backoff));
  }
}
