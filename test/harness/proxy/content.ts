import type { WireMessage } from './entry.js';
import { type Properties, readContentHeader } from './fields.js';
import { type Frame, HEADER } from './frames.js';

/** Bodies above this many bytes are left out of the journal. */
const LONGEST_BODY = 8_192;

/** The mark that a sender puts into the body of everything it sends. */
const REFERENCE = /"reference":"([^"]+)"/;

/** A message whose header and body frames are still to come. */
export class Content {
  #size: number | undefined;
  #properties: Properties = {};
  #received = 0;
  readonly #chunks: Buffer[] = [];

  constructor(
    private readonly exchange: string,
    private readonly key: string,
    private readonly whole: (message: WireMessage) => void,
  ) {}

  /** Takes the next frame. Answers whether the message is whole now; `whole` was called then. */
  add(frame: Frame): boolean {
    if (frame.type === HEADER) {
      const { size, properties } = readContentHeader(frame.payload);
      this.#size = size;
      this.#properties = properties;
    } else {
      this.#received += frame.payload.length;
      // The frame is a view on a chunk that is about to be forwarded and dropped.
      this.#chunks.push(frame.payload);
    }
    if (this.#size === undefined || this.#received < this.#size) return false;
    this.whole(this.#message(this.#size));
    return true;
  }

  #message(size: number): WireMessage {
    const { type, messageId, correlationId, replyTo, expiration, deliveryMode, appId, headers } = this.#properties;
    const body = size <= LONGEST_BODY ? Buffer.concat(this.#chunks).toString('utf8') : undefined;
    const reference = body === undefined ? undefined : REFERENCE.exec(body)?.[1];
    return {
      exchange: this.exchange,
      key: this.key,
      ...(type !== undefined && { type }),
      ...(messageId !== undefined && { id: messageId }),
      ...(correlationId !== undefined && { correlation: correlationId }),
      ...(replyTo !== undefined && { replyTo }),
      ...(expiration !== undefined && { expiration: Number(expiration) }),
      ...(deliveryMode !== undefined && { persistent: deliveryMode === 2 }),
      ...(appId !== undefined && { app: appId }),
      ...(headers !== undefined && Object.keys(headers).length > 0 && { headers }),
      ...(reference !== undefined && { reference }),
      ...(body !== undefined && body !== '' && { body }),
    };
  }
}
