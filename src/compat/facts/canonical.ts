import { createHash } from 'node:crypto';
import type { Json, JsonSchema } from '../../objects/index.js';
import type { Facts } from './facts.js';

/** The number of the way in which fingerprints are made. A new way gets the next number, so that old files stay checkable. */
const ALGORITHM = 1;

/** How wide a line may become before what stands on it is broken up. */
const WIDTH = 140;

/**
 * The one text form of a value: keys in the order of their code units, two spaces, a newline at the end; what fits on one line
 * stands on one, so that a field that changes is a line that changes. What is undefined is left out, as JSON does.
 */
export function canonical(value: unknown): string {
  return `${laidOut(ordered(value), 0)}\n`;
}

/** The fingerprint of what an entry says on the wire: `1:` and the first 32 digits of a SHA-256. */
export function fingerprintOf(facts: Facts, schema: JsonSchema): string {
  return digestOf({ facts, schema });
}

/** The fingerprint of any plain value: of its JSON with ordered keys, however it is laid out. */
export function digestOf(value: unknown): string {
  return `${ALGORITHM}:${createHash('sha256')
    .update(JSON.stringify(ordered(value)))
    .digest('hex')
    .slice(0, 32)}`;
}

function ordered(value: unknown): Json {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== 'object' || value === null) return value as Json;
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  // Object.fromEntries defines properties, so that a key such as __proto__ is data like any other.
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, item]) => [key, ordered(item)]));
}

/** @param used how much of the line is taken before the value. */
function laidOut(value: Json, used: number, indent = ''): string {
  const line = onOneLine(value);
  if (typeof value !== 'object' || value === null || indent.length + used + line.length <= WIDTH) return line;
  const inner = `${indent}  `;
  if (Array.isArray(value)) return `[\n${value.map((item: Json) => `${inner}${laidOut(item, 1, inner)}`).join(',\n')}\n${indent}]`;
  const entries = Object.entries(value).map(([key, item]) => {
    const name = `${JSON.stringify(key)}: `;
    return `${inner}${name}${laidOut(item, name.length + 1, inner)}`;
  });
  return `{\n${entries.join(',\n')}\n${indent}}`;
}

function onOneLine(value: Json): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(onOneLine).join(', ')}]`;
  const entries = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${onOneLine(item)}`);
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
}
