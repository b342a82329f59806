import type { Broker } from '../broker/index.js';
import { idSource, type IdSource } from './ids.js';
import { Switchboard } from './switchboard.js';

/** What all clients and servers of a bus send with. */
export class Post {
  readonly switchboard: Switchboard;
  /** Draws the id of a new message. */
  readonly nextId: IdSource;

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
