/** Basic properties of a message, as far as checks need them. */
export interface Properties {
  type?: string;
  messageId?: string;
  correlationId?: string;
  replyTo?: string;
  expiration?: string;
  deliveryMode?: number;
  appId?: string;
  headers?: Record<string, unknown>;
}

/** Reads the fields of an AMQP payload one after the other. */
export class FieldReader {
  #at = 0;

  constructor(private readonly payload: Buffer) {}

  octet(): number {
    return this.payload[this.#at++]!;
  }

  short(): number {
    this.#at += 2;
    return this.payload.readUInt16BE(this.#at - 2);
  }

  long(): number {
    this.#at += 4;
    return this.payload.readUInt32BE(this.#at - 4);
  }

  /** 64 bits. Delivery tags and sizes stay far below 2^53. */
  longLong(): number {
    this.#at += 8;
    return Number(this.payload.readBigUInt64BE(this.#at - 8));
  }

  shortString(): string {
    const length = this.octet();
    return this.#text(length);
  }

  table(): Record<string, unknown> {
    const end = this.long() + this.#at;
    const entries: [string, unknown][] = [];
    while (this.#at < end) entries.push([this.shortString(), this.#value()]);
    return Object.fromEntries(entries);
  }

  #text(length: number): string {
    this.#at += length;
    return this.payload.toString('utf8', this.#at - length, this.#at);
  }

  #value(): unknown {
    const kind = String.fromCharCode(this.octet());
    switch (kind) {
      case 'S':
      case 'x':
        return this.#text(this.long());
      case 't':
        return this.octet() !== 0;
      case 'b':
        return this.#signed(1);
      case 'B':
        return this.octet();
      case 's':
        return this.#signed(2);
      case 'u':
        return this.short();
      case 'I':
        return this.#signed(4);
      case 'i':
        return this.long();
      case 'l':
        return Number(BigInt.asIntN(64, BigInt(this.longLong())));
      case 'T':
        return this.longLong();
      case 'f':
        this.#at += 4;
        return this.payload.readFloatBE(this.#at - 4);
      case 'd':
        this.#at += 8;
        return this.payload.readDoubleBE(this.#at - 8);
      case 'D':
        this.#at += 5;
        return undefined;
      case 'F':
        return this.table();
      case 'A':
        return this.#array();
      case 'V':
        return null;
      default:
        throw new Error(`a header of the unknown kind "${kind}"`);
    }
  }

  #signed(bytes: 1 | 2 | 4): number {
    this.#at += bytes;
    return this.payload.readIntBE(this.#at - bytes, bytes);
  }

  #array(): unknown[] {
    const end = this.long() + this.#at;
    const items: unknown[] = [];
    while (this.#at < end) items.push(this.#value());
    return items;
  }
}

/** A content header: how long the body is, and its properties. */
export function readContentHeader(payload: Buffer): { readonly size: number; readonly properties: Properties } {
  const fields = new FieldReader(payload);
  fields.short();
  fields.short();
  const size = fields.longLong();
  const flags = fields.short();
  const has = (bit: number): boolean => (flags & (1 << bit)) !== 0;
  const properties: Properties = {};
  if (has(15)) fields.shortString();
  if (has(14)) fields.shortString();
  if (has(13)) properties.headers = fields.table();
  if (has(12)) properties.deliveryMode = fields.octet();
  if (has(11)) fields.octet();
  if (has(10)) properties.correlationId = fields.shortString();
  if (has(9)) properties.replyTo = fields.shortString();
  if (has(8)) properties.expiration = fields.shortString();
  if (has(7)) properties.messageId = fields.shortString();
  if (has(6)) fields.longLong();
  if (has(5)) properties.type = fields.shortString();
  if (has(4)) fields.shortString();
  if (has(3)) properties.appId = fields.shortString();
  return { size, properties };
}
