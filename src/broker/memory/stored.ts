import type { Delivery, MessageProperties, Outgoing } from '../message.js';

/** A message as the hub keeps it: its own copy, shared with nobody. */
export interface Stored {
  readonly message: Outgoing;
  /** When it expires, on the monotonic clock; `Infinity` for never. */
  readonly expires: number;
  /** Its place in its queue, which it takes again when it is given back. */
  readonly place: number;
  redelivered: boolean;
}

/** Copies a message, body and headers included: neither side may see what the other does to its own afterwards. */
export function copyMessage(message: Outgoing, replyTo = message.replyTo): Outgoing {
  return {
    ...copyProperties(message),
    replyTo,
    exchange: message.exchange,
    routingKey: message.routingKey,
    body: Buffer.from(message.body),
  };
}

/** What a consumer gets. */
export function deliveryOf(stored: Stored, queue: string, tag: number): Delivery {
  const { message } = stored;
  return {
    ...copyProperties(message),
    body: Buffer.from(message.body),
    queue,
    exchange: message.exchange,
    routingKey: message.routingKey,
    redelivered: stored.redelivered,
    tag,
  };
}

function copyProperties(from: MessageProperties): MessageProperties {
  return {
    type: from.type,
    messageId: from.messageId,
    correlationId: from.correlationId,
    replyTo: from.replyTo,
    expiration: from.expiration,
    persistent: from.persistent === true,
    contentType: from.contentType,
    appId: from.appId,
    sent: from.sent,
    userId: from.userId,
    headers: copyTable(from.headers),
  };
}

/** A field table as AMQP carries it: unset values are left out, bytes stay bytes, anything else that is an object is a table. */
function copyTable(table: Readonly<Record<string, unknown>> | undefined): Record<string, unknown> | undefined {
  if (table === undefined) return undefined;
  const entries = Object.entries(table).filter(([, value]) => value !== undefined);
  return entries.length === 0 ? undefined : Object.fromEntries(entries.map(([key, value]) => [key, copyValue(value)]));
}

function copyValue(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(copyValue);
  if (Buffer.isBuffer(value)) return Buffer.from(value);
  return copyTable(value as Record<string, unknown>) ?? {};
}
