import type { Message, Options } from 'amqplib';
import type { Delivery, Outgoing, Returned } from '../message.js';

/** A message as amqplib gives it to one as the rest of Lynchpin knows it. */
export function deliveryOf(message: Message, queue: string): Delivery {
  const { fields, properties } = message;
  return {
    type: text(properties.type),
    messageId: text(properties.messageId),
    correlationId: text(properties.correlationId),
    replyTo: text(properties.replyTo),
    expiration: milliseconds(properties.expiration),
    persistent: properties.deliveryMode === 2,
    contentType: text(properties.contentType),
    appId: text(properties.appId),
    sent: seconds(properties.timestamp),
    userId: text(properties.userId),
    headers: table(properties.headers),
    body: message.content,
    queue,
    exchange: fields.exchange,
    routingKey: fields.routingKey,
    redelivered: fields.redelivered,
    tag: fields.deliveryTag,
  };
}

export function returnedOf(message: Message): Returned {
  const { queue: _queue, redelivered: _redelivered, tag: _tag, ...returned } = deliveryOf(message, '');
  return returned;
}

/** What amqplib takes beside exchange, key and body. */
export function publishOptions(message: Outgoing, mandatory = true): Options.Publish {
  return {
    mandatory,
    type: message.type,
    messageId: message.messageId,
    correlationId: message.correlationId,
    replyTo: message.replyTo,
    expiration: message.expiration,
    deliveryMode: message.persistent === true ? 2 : 1,
    contentType: message.contentType,
    appId: message.appId,
    timestamp: message.sent,
    userId: message.userId,
    headers: message.headers,
  } as Options.Publish;
}

/** A view of the same bytes: amqplib wants its own kind, and copies them as it sends. */
export function bufferOf(body: Uint8Array): Buffer {
  return Buffer.isBuffer(body) ? body : Buffer.from(body.buffer, body.byteOffset, body.byteLength);
}

/** All that amqplib reads of a message when it acknowledges it. */
export function tagged(deliveryTag: number): Message {
  return { fields: { deliveryTag } } as Message;
}

/** Bytes that are no text grow when they are read as one: what could not be written again is as good as missing. */
function text(value: unknown): string | undefined {
  return typeof value === 'string' && (value.length <= 85 || Buffer.byteLength(value) <= 255) ? value : undefined;
}

function milliseconds(value: unknown): number | undefined {
  return typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : undefined;
}

function seconds(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value < 1e11 ? value : undefined;
}

function table(headers: unknown): Record<string, unknown> | undefined {
  if (typeof headers !== 'object' || headers === null) return undefined;
  // A key of that name on the wire would have become the prototype.
  if (Object.getPrototypeOf(headers) !== Object.prototype) Object.setPrototypeOf(headers, Object.prototype);
  for (const _key in headers) return headers as Record<string, unknown>;
  return undefined;
}
