import type { TypeFacts } from '../facts/facts.js';
import { diffType } from '../diff/diff-type.js';

/** What is text on the wire, whatever it stands for. */
const TEXTS: readonly TypeFacts['kind'][] = ['uuid', 'datetime', 'bigint', 'bytes', 'enum', 'string'];

/** How the values of one type relate to those of another, in their plain form. */
export type Relation = 'narrowed' | 'widened' | 'other';

/** What became of a type that changed its kind. */
export function relationOf(before: TypeFacts, after: TypeFacts): Relation {
  if (isWithin(before, after)) return 'widened';
  return isWithin(after, before) ? 'narrowed' : 'other';
}

/** Whether every value of a type is one of another. In doubt it is not. */
function isWithin(part: TypeFacts, whole: TypeFacts): boolean {
  if (whole.kind === 'json') return true;
  if (part.kind === 'nullable') return whole.kind === 'nullable' && isWithin(part.inner, whole.inner);
  if (whole.kind === 'nullable') return isWithin(part, whole.inner);
  if (part.kind === 'either') return part.options.every((option) => isWithin(option, whole));
  if (whole.kind === 'either') return whole.options.some((option) => isWithin(part, option));
  if (part.kind === 'integer' && whole.kind === 'number') return isFree({ ...part, kind: 'number' }, whole);
  if (whole.kind === 'string' && part.kind !== 'string') return TEXTS.includes(part.kind) && Object.keys(whole).length === 1;
  return part.kind === whole.kind && isFree(part, whole);
}

/** Whether nothing that the first allows is forbidden by the second, which is of the same kind. */
function isFree(part: TypeFacts, whole: TypeFacts): boolean {
  return diffType(part, whole, { path: '' }).every(
    ({ kind }) =>
      kind === 'constraint-loosened' ||
      kind === 'null-allowed' ||
      kind === 'values-added' ||
      kind === 'values-reordered' ||
      kind === 'variant-added' ||
      kind === 'option-added' ||
      kind === 'options-reordered',
  );
}
