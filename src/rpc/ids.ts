import { randomBytes } from 'node:crypto';

/** Draws ids. */
export interface IdSource {
  (): string;
  /** Whether the id may be one that was drawn here. */
  drew(id: string): boolean;
}

/**
 * Makes ids that are unique for ever: 96 random bits drawn once, and a counter. A random id for every message would cost
 * more than the rest of its properties together.
 */
export function idSource(): IdSource {
  const prefix = `${randomBytes(12).toString('base64url')}-`;
  let count = 0;
  return Object.assign(() => `${prefix}${(++count).toString(36)}`, { drew: (id: string) => id.startsWith(prefix) });
}
