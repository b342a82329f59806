import type { Source } from './declarations.js';
import type { Edit } from './edits.js';
import { append } from './insert.js';
import type { Span } from './literal.js';

/**
 * What makes a file import more names from the package.
 * @returns undefined when the file does not import the package in a way that names can be added to.
 */
export function importing(source: Source, values: readonly string[], types: readonly string[]): readonly Edit[] | undefined {
  const clauses = clausesOf(source);
  const valueClause = clauses.find(({ onlyTypes }) => !onlyTypes);
  if (valueClause === undefined) return undefined;
  const present = new Set(clauses.flatMap(({ names }) => names));
  const typeClause = clauses.find(({ onlyTypes }) => onlyTypes);
  const newValues = values.filter((name) => !present.has(name));
  const newTypes = types.filter((name) => !present.has(name));
  const edits = newValues.length === 0 ? [] : [append(source, valueClause.braces, newValues.join(', '))];
  if (newTypes.length === 0) return edits;
  if (typeClause !== undefined) return [...edits, append(source, typeClause.braces, newTypes.join(', '))];
  // Beside values, a name says itself that it is a type: the file may already be written that way.
  if (/\btype\s+\w/.test(source.text.slice(valueClause.braces.start, valueClause.braces.end))) {
    return [append(source, valueClause.braces, [...newValues, ...newTypes.map((name) => `type ${name}`)].join(', '))];
  }
  const quote = source.text.slice(valueClause.end - 2, valueClause.end).includes('"') ? '"' : "'";
  const line = `\nimport type { ${newTypes.join(', ')} } from ${quote}lynchpin${quote};`;
  return [...edits, { source, at: valueClause.end, remove: 0, insert: line }];
}

interface Clause {
  readonly onlyTypes: boolean;
  readonly braces: Span;
  readonly names: readonly string[];
  /** The position after the statement. */
  readonly end: number;
}

function clausesOf({ text, masked }: Source): readonly Clause[] {
  const form = /\bimport\s+(type\s+)?(\{[^}]*\})\s*from\s*(['"])lynchpin\3;?/g;
  return [...text.matchAll(form)]
    .filter((match) => masked.startsWith('import', match.index))
    .map((match) => {
      const braces = match[2] ?? '';
      const start = match.index + match[0].indexOf(braces);
      const names = [...braces.matchAll(/(?:type\s+)?([\w$]+)(?:\s+as\s+[\w$]+)?\s*[,}]/g)].map((name) => name[1] ?? '');
      return {
        onlyTypes: match[1] !== undefined,
        braces: { start, end: start + braces.length },
        names,
        end: match.index + match[0].length,
      };
    });
}
