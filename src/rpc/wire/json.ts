import { LynchpinError } from '../../errors/index.js';

/** The only content type of protocol v1. */
export const JSON_TYPE = 'application/json';

const EMPTY = Buffer.alloc(0);
const PLAIN = Buffer.from('"__proto__"');
const ESCAPE = Buffer.from('\\u00');

/** Writes a payload. `undefined`, a method without arguments or result, is an empty body. */
export function encodeJson(value: unknown): Buffer {
  return value === undefined ? EMPTY : Buffer.from(JSON.stringify(value));
}

/**
 * Reads a payload. An empty body is `undefined`. A key `__proto__` at any depth is refused: it means nothing in a
 * contract, and whoever copies such an object by hand changes a prototype.
 * @throws LynchpinError `INVALID` for what is not JSON, is too large or has such a key.
 */
export function decodeJson(body: Buffer, limit: number): unknown {
  if (body.length === 0) return undefined;
  if (body.length > limit) {
    throw new LynchpinError(
      'INVALID',
      `the body has ${body.length} bytes and this process reads at most ${limit} (option maxMessageBytes)`,
      { bytes: body.length, limit },
    );
  }
  const text = body.toString('utf8');
  const suspicious = body.includes(PLAIN) || body.includes(ESCAPE);
  try {
    return suspicious ? JSON.parse(text, refuseProto) : JSON.parse(text);
  } catch (cause) {
    if (LynchpinError.is(cause)) throw cause;
    throw new LynchpinError('INVALID', `the body is not JSON: ${(cause as Error).message.slice(0, 200)}`, {}, { cause });
  }
}

function refuseProto(this: unknown, key: string, value: unknown): unknown {
  if (key === '__proto__') throw new LynchpinError('INVALID', 'the body has a key "__proto__"');
  return value;
}
