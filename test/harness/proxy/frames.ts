/** One AMQP 0-9-1 frame. */
export interface Frame {
  readonly type: number;
  readonly channel: number;
  readonly payload: Buffer;
}

export const METHOD = 1;
export const HEADER = 2;

const PREFIX = 7;
const END = 0xce;
/** What a client sends before its first frame: `AMQP` 0 0 9 1. */
const GREETING = 8;

/** Cuts one direction of a connection into frames. Chunks may end anywhere. */
export class FrameReader {
  #rest: Buffer = Buffer.alloc(0);
  #greeting: boolean;

  constructor(options: { readonly greeting: boolean }) {
    this.#greeting = options.greeting;
  }

  /** The frames that are complete with this chunk. @throws Error when the bytes are not AMQP frames. */
  push(chunk: Buffer): Frame[] {
    let buffer = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    if (this.#greeting) {
      if (buffer.length < GREETING) {
        this.#rest = buffer;
        return [];
      }
      buffer = buffer.subarray(GREETING);
      this.#greeting = false;
    }
    const frames: Frame[] = [];
    while (buffer.length >= PREFIX) {
      const size = buffer.readUInt32BE(3);
      if (buffer.length < PREFIX + size + 1) break;
      if (buffer[PREFIX + size] !== END) throw new Error(`a frame of ${size} bytes does not end where it says`);
      frames.push({ type: buffer[0]!, channel: buffer.readUInt16BE(1), payload: buffer.subarray(PREFIX, PREFIX + size) });
      buffer = buffer.subarray(PREFIX + size + 1);
    }
    this.#rest = buffer;
    return frames;
  }
}
