import type { Broker } from '../broker/index.js';
import { idSource, type IdSource } from './ids.js';
import { Switchboard } from './switchboard.js';

/** What all clients and servers of a bus send with. */
export class Post {
  readonly switchboard: Switchboard;
  /** Draws the id of a new message. */
  readonly nextId: IdSource;
  readonly #running = new Set<() => number>();
  #leaving = false;

  /**
   * @param name what this process calls itself on messages: their `appId`.
   * @param maxMessageBytes the largest body that it reads.
   */
  constructor(
    readonly broker: Broker,
    readonly name: string,
    readonly maxMessageBytes: number,
    /** Where a new request has its trace context from when nobody hands one in. */
    readonly trace: () => TraceContext | undefined = () => undefined,
  ) {
    this.switchboard = new Switchboard(broker);
    this.nextId = idSource();
  }

  /** Whether this process is about to end: what it has under way is all that it will have. */
  get leaving(): boolean {
    return this.#leaving;
  }

  /** This process is about to end. */
  leave(): void {
    this.#leaving = true;
  }

  /** Counts the handlers of one more server; answers a function that stops it. */
  counts(running: () => number): () => void {
    this.#running.add(running);
    return () => this.#running.delete(running);
  }

  /** Whether a handler runs in this process. */
  get busy(): boolean {
    for (const running of this.#running) if (running() > 0) return true;
    return false;
  }

  /** The account that the broker attests. */
  get userId(): string | undefined {
    return this.broker.userId;
  }
}

/** W3C trace context. */
export interface TraceContext {
  /** The `traceparent` header: version, trace, parent, flags. */
  readonly traceparent: string;
  /** The `tracestate` header. */
  readonly tracestate?: string | undefined;
}
