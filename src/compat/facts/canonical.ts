import { createHash } from 'node:crypto';
import type { Json, JsonSchema } from '../../objects/index.js';
import type { Facts } from './facts.js';

/** The number of the way in which fingerprints are made. A new way gets the next number, so that old files stay checkable. */
const ALGORITHM = 1;

/**
 * The one text form of a value: keys in the order of their code units, two spaces, a newline at the end. What is undefined is
 * left out, as JSON does.
 */
export function canonical(value: unknown): string {
  return `${JSON.stringify(ordered(value), undefined, 2)}\n`;
}

/** The fingerprint of what an entry says on the wire: `1:` and the first 32 digits of a SHA-256. */
export function fingerprintOf(facts: Facts, schema: JsonSchema): string {
  return digestOf({ facts, schema });
}

/** The fingerprint of any plain value. */
export function digestOf(value: unknown): string {
  return `${ALGORITHM}:${createHash('sha256').update(canonical(value)).digest('hex').slice(0, 32)}`;
}

function ordered(value: unknown): Json {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== 'object' || value === null) return value as Json;
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  // Object.fromEntries defines properties, so that a key such as __proto__ is data like any other.
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, item]) => [key, ordered(item)]));
}
