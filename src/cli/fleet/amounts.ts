import type { Amount } from '../../fleet/index.js';

const WORDS: Readonly<Record<Exclude<Amount, number>['unknown'], string>> = {
  missing: '-',
  down: '? (its node is down)',
  taken: '? (of one connection alone)',
  forbidden: '? (forbidden)',
  timeout: '? (no answer)',
  disconnected: '? (out of reach)',
  unasked: '?',
};

/** A number; a dash where there is no such queue; a question mark, and why, where it is not known. */
export function amountText(amount: Amount): string {
  return typeof amount === 'number' ? String(amount) : WORDS[amount.unknown];
}

/** "3.0 to 3.2", or the one version. */
export function rangeText({ floor, version }: { readonly floor: string; readonly version: string }): string {
  return floor === version ? floor : `${floor} to ${version}`;
}

/** No cell has more names than this. */
const NAMED = 4;

/** "a, b and 7 more". */
export function namesText(names: readonly string[]): string {
  if (names.length <= NAMED) return names.join(', ');
  return `${names.slice(0, NAMED - 1).join(', ')} and ${names.length - NAMED + 1} more`;
}
