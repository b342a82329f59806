import { editDistance } from '../../objects/index.js';

/** How much of the shorter name must be in the longer one. */
export interface Likeness {
  /** `fields`: every word of the shorter name. `methods`: half of them, because the verb is what gets changed. */
  readonly of: 'fields' | 'methods';
}

/** Whether one name looks like a new spelling of the other. */
export function looksRenamed(before: string, after: string, { of }: Likeness): boolean {
  const longest = Math.max(before.length, after.length);
  if (editDistance(before, after) <= Math.max(1, Math.floor(longest / 4))) return true;
  const [fewer, more] = [wordsOf(before), wordsOf(after)].sort((a, b) => a.length - b.length) as [readonly string[], readonly string[]];
  const shared = fewer.filter((word) => more.some((other) => sameWord(word, other))).length;
  return shared > 0 && (of === 'fields' ? shared === fewer.length : shared * 2 >= fewer.length);
}

/** The words of a name in camel or snake case; those of one or two letters (`id`, `at`, `of`) say too little. */
function wordsOf(name: string): readonly string[] {
  const words = name
    .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z\d]+/);
  return words.filter((word) => word.length > 2);
}

function sameWord(a: string, b: string): boolean {
  return a.startsWith(b) || b.startsWith(a);
}
