import type { Paint } from './paint.js';
import { widthOf } from './wrap.js';

/** Rows under headings; a cell may have several lines. */
export interface Table {
  readonly headings: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** A table for people: columns as wide as they must be, two spaces between. */
export function textTable({ headings, rows }: Table, paint: Paint): string {
  const cells = rows.map((row) => row.map((cell) => cell.split('\n')));
  const widths = headings.map((heading, at) => Math.max(widthOf(heading), ...cells.flatMap((row) => (row[at] ?? []).map(widthOf))));
  const line = (parts: readonly string[]): string =>
    parts
      .map((part, at) => part + ' '.repeat((widths[at] ?? 0) - widthOf(part)))
      .join('  ')
      .trimEnd();
  const body = cells.flatMap((row) => {
    const height = Math.max(...row.map((cell) => cell.length));
    return Array.from({ length: height }, (_, level) => line(headings.map((_heading, at) => row[at]?.[level] ?? '')));
  });
  return [paint.bold(line(headings)), ...body].map((text) => `${text}\n`).join('');
}

/** A table for pull requests and documents. */
export function markdownTable({ headings, rows }: Table): string {
  const line = (parts: readonly string[]): string =>
    `| ${parts.map((part) => part.replaceAll('|', '\\|').replaceAll('\n', '<br>')).join(' | ')} |\n`;
  return [line(headings), line(headings.map(() => '---')), ...rows.map(line)].join('');
}
