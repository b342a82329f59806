import { once } from 'node:events';
import type { Writable } from 'node:stream';

/** The properties of a message, each as the bytes that go over the wire: what no client library would write. */
export interface RawProperties {
  readonly contentType?: string | Buffer | undefined;
  /** The inside of a field table, without its length. */
  readonly headers?: Buffer | undefined;
  readonly deliveryMode?: number | undefined;
  readonly correlationId?: string | Buffer | undefined;
  readonly replyTo?: string | Buffer | undefined;
  readonly expiration?: string | Buffer | undefined;
  readonly messageId?: string | Buffer | undefined;
  readonly type?: string | Buffer | undefined;
  readonly appId?: string | Buffer | undefined;
}

interface Inside {
  readonly ch: number;
  readonly connection: { readonly stream: Writable; readonly frameMax: number };
}

/**
 * Writes a message to a channel's socket frame by frame. The channel must be one that confirms nothing and be used for
 * nothing else, because amqplib knows nothing of these messages.
 */
export async function publishRaw(
  channel: { readonly connection: unknown },
  to: { readonly exchange: string; readonly key: string },
  properties: RawProperties,
  body: Buffer,
): Promise<void> {
  const { ch, connection } = channel as unknown as Inside;
  const method = Buffer.concat([Buffer.from([0, 60, 0, 40, 0, 0]), short(to.exchange), short(to.key), Buffer.from([0])]);
  const { flags, values } = encode(properties);
  const header = Buffer.alloc(14);
  header.writeUInt16BE(60, 0);
  header.writeBigUInt64BE(BigInt(body.length), 4);
  header.writeUInt16BE(flags, 12);
  const frames = [frame(1, ch, method), frame(2, ch, Buffer.concat([header, values]))];
  const most = (connection.frameMax || 131_072) - 8;
  for (let at = 0; at < body.length; at += most) frames.push(frame(3, ch, body.subarray(at, at + most)));
  if (!connection.stream.write(Buffer.concat(frames))) await once(connection.stream, 'drain');
}

/** One entry of a field table: its name, its tag and the bytes of its value. */
export function entry(name: string | Buffer, tag: string | number, value: Buffer): Buffer {
  return Buffer.concat([short(name), typeof tag === 'number' ? Buffer.from([tag]) : Buffer.from(tag, 'latin1'), value]);
}

/** A long string, or the inside of a nested table or array, with its length. */
export function long(value: string | Buffer): Buffer {
  const bytes = Buffer.from(value as string);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

function encode(properties: RawProperties): { readonly flags: number; readonly values: Buffer } {
  const { contentType, headers, deliveryMode, correlationId, replyTo, expiration, messageId, type, appId } = properties;
  const parts: readonly (readonly [number, Buffer | undefined])[] = [
    [15, text(contentType)],
    [13, headers === undefined ? undefined : long(headers)],
    [12, deliveryMode === undefined ? undefined : Buffer.from([deliveryMode])],
    [10, text(correlationId)],
    [9, text(replyTo)],
    [8, text(expiration)],
    [7, text(messageId)],
    [5, text(type)],
    [3, text(appId)],
  ];
  const present = parts.filter((part): part is readonly [number, Buffer] => part[1] !== undefined);
  return { flags: present.reduce((flags, [bit]) => flags | (1 << bit), 0), values: Buffer.concat(present.map(([, value]) => value)) };
}

function text(value: string | Buffer | undefined): Buffer | undefined {
  return value === undefined ? undefined : short(value);
}

function short(value: string | Buffer): Buffer {
  const bytes = Buffer.from(value as string);
  return Buffer.concat([Buffer.from([bytes.length]), bytes]);
}

function frame(kind: number, channel: number, payload: Buffer): Buffer {
  const whole = Buffer.alloc(payload.length + 8);
  whole.writeUInt8(kind, 0);
  whole.writeUInt16BE(channel, 1);
  whole.writeUInt32BE(payload.length, 3);
  payload.copy(whole, 7);
  whole.writeUInt8(0xce, whole.length - 1);
  return whole;
}
