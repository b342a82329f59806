import { randomBytes } from 'node:crypto';

/**
 * Makes ids that are unique for ever: 96 random bits drawn once, and a counter. A random id for every message would cost
 * more than the rest of its properties together.
 */
export function idSource(): () => string {
  const prefix = randomBytes(12).toString('base64url');
  let count = 0;
  return () => `${prefix}-${(++count).toString(36)}`;
}
