/** The properties of a message that Lynchpin uses, all of them AMQP basic properties. `docs/protocol.md` gives their meaning. */
export interface MessageProperties {
  readonly type?: string | undefined;
  readonly messageId?: string | undefined;
  readonly correlationId?: string | undefined;
  readonly replyTo?: string | undefined;
  /** Time to live in its queue, in whole milliseconds, at least 1. It does not count down while the message waits. */
  readonly expiration?: number | undefined;
  /** Survives a restart of the broker (delivery mode 2). */
  readonly persistent?: boolean | undefined;
  readonly contentType?: string | undefined;
  readonly appId?: string | undefined;
  /** When it was sent, in whole seconds since 1970, by the sender's clock. For people to read; nothing is decided by it. */
  readonly sent?: number | undefined;
  readonly userId?: string | undefined;
  /** Only off the hot path: every header costs both ends time. */
  readonly headers?: Readonly<Record<string, unknown>> | undefined;
}

/** A message on its way out. */
export interface Outgoing extends MessageProperties {
  /** The exchange; '' is the default exchange, whose keys are queue names. */
  readonly exchange: string;
  readonly routingKey: string;
  readonly body: Uint8Array;
}

/** A message that came back because no queue would take it. */
export type Returned = Outgoing;

/** A message as a consumer gets it. Properties of the wrong type on the wire are left out, headers are as they came. */
export interface Delivery extends MessageProperties {
  readonly body: Buffer;
  /** The queue that it was consumed from. */
  readonly queue: string;
  readonly exchange: string;
  readonly routingKey: string;
  /** The broker handed it to a consumer before: a handler may have run. */
  readonly redelivered: boolean;
  /** Names the delivery on the channel that it came by. */
  readonly tag: number;
}
