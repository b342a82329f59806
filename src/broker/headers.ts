/** Copies travel in frames of limited size: headers beyond this many bytes, roughly, stay behind. */
const MOST = 16_384;
const DEEPEST = 8;

type Headers = Readonly<Record<string, unknown>>;

/**
 * The headers of a message that came, as far as a copy of it can carry them: strings, finite numbers, booleans, null, bytes, and
 * lists and tables of those, up to a bound. What else a peer may have put there cannot be written again by every client
 * library, and would keep the copy from being sent at all.
 */
export function carriedHeaders(headers: Headers | undefined): Headers {
  const carried: Record<string, unknown> = {};
  let room = MOST;
  for (const [name, value] of Object.entries(headers ?? {})) {
    const size = Buffer.byteLength(name);
    if (size > 255 || name === '__proto__') continue;
    const weight = size + 6 + weightOf(value, DEEPEST);
    if (weight > room) continue;
    room -= weight;
    carried[name] = value;
  }
  return carried;
}

/** About how many bytes a value takes; Infinity when it cannot be carried. */
function weightOf(value: unknown, depth: number): number {
  switch (typeof value) {
    case 'string':
      return Buffer.byteLength(value);
    case 'number':
      return Number.isFinite(value) && Math.abs(value) < 2 ** 63 ? 8 : Infinity;
    case 'boolean':
      return 1;
    case 'object':
      break;
    default:
      return Infinity;
  }
  if (value === null) return 0;
  if (value instanceof Uint8Array) return value.byteLength;
  if (depth === 0) return Infinity;
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + 6 + weightOf(item, depth - 1), 0);
  // amqplib takes a table with this key for a value whose type is spelt out, and a peer may have spelt any.
  if (Object.hasOwn(value, '!') || Object.getPrototypeOf(value) !== Object.prototype) return Infinity;
  return Object.entries(value).reduce((sum, [name, item]) => {
    const size = Buffer.byteLength(name);
    return size > 255 ? Infinity : sum + size + 6 + weightOf(item, depth - 1);
  }, 0);
}
