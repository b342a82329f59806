import type { Source } from './declarations.js';
import type { Edit } from './edits.js';
import { partsOf, type Span } from './literal.js';

/** Adds a property or an element at the end of a literal, in the way that the literal is laid out. */
export function append(source: Source, literal: Span, code: string): Edit {
  const { text, masked } = source;
  const last = partsOf(masked, literal).at(-1);
  if (last === undefined) {
    const spaced = text[literal.start] === '{' ? ` ${code} ` : code;
    return { source, at: literal.start + 1, remove: literal.end - literal.start - 2, insert: spaced };
  }
  const inner = masked.slice(literal.start + 1, literal.end - 1);
  const end = last.start + masked.slice(last.start, last.end).trimEnd().length;
  const comma = /^\s*,/.exec(masked.slice(end, literal.end));
  if (!inner.includes('\n')) return { source, at: end, remove: 0, insert: `, ${code}` };
  const begin = last.start + masked.slice(last.start, last.end).search(/\S/);
  const indent = indentAt(text, begin);
  const at = comma === null ? end : end + comma[0].length;
  return { source, at, remove: 0, insert: `${comma === null ? ',' : ''}\n${indented(code, indent)}${comma === null ? '' : ','}` };
}

/** The white space that the line of a position begins with. */
export function indentAt(text: string, at: number): string {
  return /^[ \t]*/.exec(text.slice(text.lastIndexOf('\n', at - 1) + 1))?.[0] ?? '';
}

export function indented(code: string, indent: string): string {
  return code
    .split('\n')
    .map((line) => (line === '' ? '' : `${indent}${line}`))
    .join('\n');
}
