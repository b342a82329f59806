import type { ChannelModel } from 'amqplib';

interface Reader {
  rest: Buffer;
  recvFrame(): unknown;
}

const HEADER_FRAME = 2;
const FRAME_OVERHEAD = 8;
const [CONTENT_TYPE, CONTENT_ENCODING, HEADERS] = [1 << 15, 1 << 14, 1 << 13];
/** How many bytes the values of a tag have; -1 for those that say so themselves, in four bytes. */
const SIZES: Readonly<Record<string, number>> = {
  t: 1,
  b: 1,
  B: 1,
  s: 2,
  u: 2,
  I: 4,
  i: 4,
  f: 4,
  D: 5,
  d: 8,
  l: 8,
  L: 8,
  T: 8,
  V: 0,
  S: -1,
  x: -1,
  F: -1,
  A: -1,
};

/**
 * Lets a connection survive headers that hold an unsigned 64-bit number. RabbitMQ takes such a header from anyone and
 * amqplib cannot read it: the connection to which the message is delivered would be lost, and again after each
 * redelivery. The number is read as a signed one. Costs nothing until such a message comes.
 */
export function readUnsigned(model: ChannelModel): void {
  const reader = model.connection as unknown as Reader;
  const receive = reader.recvFrame.bind(reader);
  reader.recvFrame = () => {
    const before = reader.rest;
    try {
      return receive();
    } catch (error) {
      const mended = mend(before);
      if (mended === undefined) throw error;
      reader.rest = mended;
      return reader.recvFrame();
    }
  };
}

/** The bytes with the first frame mended; undefined when there is nothing in it to mend. */
function mend(bytes: Buffer): Buffer | undefined {
  if (bytes.length < FRAME_OVERHEAD || bytes.readUInt8(0) !== HEADER_FRAME) return undefined;
  const end = 7 + bytes.readUInt32BE(3);
  if (bytes.length <= end) return undefined;
  const copy = Buffer.from(bytes);
  const flags = copy.readUInt16BE(19);
  let at = 21;
  for (const flag of [CONTENT_TYPE, CONTENT_ENCODING]) if ((flags & flag) !== 0) at += 1 + copy.readUInt8(at);
  if ((flags & HEADERS) === 0) return undefined;
  return sign(copy, at + 4, at + 4 + copy.readUInt32BE(at), true) ? copy : undefined;
}

/** Has every unsigned number between two places read as a signed one. Answers whether there was any. */
function sign(bytes: Buffer, from: number, to: number, named: boolean): boolean {
  let found = false;
  for (let at = from; at < to; ) {
    if (named) at += 1 + bytes.readUInt8(at);
    const tag = String.fromCharCode(bytes.readUInt8(at));
    if (tag === 'L') {
      bytes.write('l', at, 'latin1');
      found = true;
    }
    at += 1;
    const size = SIZES[tag];
    if (size === undefined) return false;
    const length = size < 0 ? 4 + bytes.readUInt32BE(at) : size;
    if (tag === 'F' || tag === 'A') found = sign(bytes, at + 4, at + length, tag === 'F') || found;
    at += length;
  }
  return found;
}
