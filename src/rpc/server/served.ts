import type { LynchpinError } from '../../errors/index.js';
import type { Version } from '../../versions/index.js';
import { readOrigin } from '../client/lineage.js';
import type { CallContext } from '../context.js';
import { countHeader, HEADERS, textHeader } from '../wire/index.js';
import type { Work } from './work.js';

/** The context of one request being served. The parts that few handlers look at are made when they do. */
export class Served implements CallContext {
  readonly method: string;
  readonly version: Version;
  readonly id: string;
  readonly redelivered: boolean;
  /** When its handler started, on the scale of `performance.now()`. */
  readonly started = performance.now();
  readonly deadline: number;
  /** How often its caller needs a sign of life, in ms; Infinity for a caller that bounds no silence. */
  readonly beatEvery: number;
  /** When it last gave its caller a sign of life. */
  beaten = this.started;
  #abort: AbortController | undefined;
  #reason: LynchpinError | undefined;

  constructor(readonly work: Work) {
    this.method = work.method.property;
    this.version = work.version;
    this.id = work.id;
    this.redelivered = work.redelivered;
    this.deadline = work.deadline;
    const silence = countHeader(work.delivery.headers, HEADERS.silence);
    // Twice in good time before the caller loses patience, for a beat may be late.
    this.beatEvery = silence === undefined ? Infinity : silence / 3;
  }

  get signal(): AbortSignal {
    if (this.#abort === undefined) {
      this.#abort = new AbortController();
      if (this.#reason !== undefined) this.#abort.abort(this.#reason);
    }
    return this.#abort.signal;
  }

  get caller(): string {
    return readOrigin(this.work.delivery.appId).caller;
  }

  get origin(): string {
    return readOrigin(this.work.delivery.appId).origin;
  }

  get userId(): string | undefined {
    return this.work.delivery.userId;
  }

  get traceparent(): string | undefined {
    return textHeader(this.work.delivery.headers, HEADERS.traceparent);
  }

  get tracestate(): string | undefined {
    return textHeader(this.work.delivery.headers, HEADERS.tracestate);
  }

  /** Fires the signal. */
  cancel(reason: LynchpinError): void {
    if (this.#reason !== undefined) return;
    this.#reason = reason;
    this.#abort?.abort(reason);
  }
}
