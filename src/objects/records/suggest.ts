import { LynchpinError, type ErrorDetails } from '../../errors/index.js';

/** For the end of a message about an unknown name: the nearest known one, and all of them. */
export function didYouMean(name: string, known: readonly string[]): string {
  if (known.length === 0) return ' There are none.';
  const nearest = known.reduce((best, next) => (editDistance(name, next) < editDistance(name, best) ? next : best));
  const close = editDistance(name, nearest) <= Math.max(2, Math.floor(name.length / 3));
  return `${close ? ` Did you mean ${nearest}?` : ''} Known: ${[...known].sort().join(', ')}.`;
}

/**
 * Refuses options that nobody would read: a misspelt one must not pass for one that was left out.
 * @param what whose options they are, for the message: "@Field of Volume.sizeGb".
 * @throws LynchpinError `DECLARATION`.
 */
export function rejectUnknownOptions(options: object, known: readonly string[], what: string, details: ErrorDetails = {}): void {
  for (const option of Object.keys(options)) {
    if (known.includes(option)) continue;
    throw new LynchpinError('DECLARATION', `${what} has no option ${JSON.stringify(option)}.${didYouMean(option, known)}`, {
      ...details,
      option,
    });
  }
}

/** How many letters must be inserted, removed or replaced to get from one name to the other; case does not count. */
export function editDistance(from: string, to: string): number {
  const a = from.toLowerCase();
  const b = to.toLowerCase();
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min((row[j] as number) + 1, (next[j - 1] as number) + 1, (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
    row = next;
  }
  return row[b.length] as number;
}
