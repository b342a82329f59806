import { leavesOf, type ObjectRecord, type TypeNode } from '../../objects/index.js';

/** More would take the place of better edges. */
const MOST = 24;

/**
 * Texts that functions of a class compare with: the literals in their sources, and the values of every enum that a field
 * has or had. Chance alone would not find them.
 */
export function wordsOf(record: ObjectRecord): readonly string[] {
  if (record.steps.length === 0) return [];
  const literals = record.steps.flatMap(({ text }) =>
    [...text.matchAll(/'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)"/g)].map(([, single, double]) => single ?? double ?? ''),
  );
  const values = record.fields.flatMap((field) => [field.type, ...field.was.flatMap(({ type }) => type ?? [])]).flatMap(valuesIn);
  return [...new Set([...literals, ...values])].slice(0, MOST);
}

/** Numbers that stand in the functions of a class. */
export function numbersOf(record: ObjectRecord): readonly number[] {
  const literals = record.steps.flatMap(({ text }) => [...text.matchAll(/(?<![\w.])\d[\d_]*(?:\.\d+)?(?![\w.])/g)]);
  return [...new Set(literals.map(([literal]) => Number(literal.replaceAll('_', ''))))].slice(0, MOST);
}

function valuesIn(type: TypeNode): readonly string[] {
  return leavesOf(type).flatMap((leaf) => (leaf.kind === 'enum' ? leaf.values : []));
}
