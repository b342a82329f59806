import type { Context } from '../command.js';
import { harmless, paintFor, type Paint } from '../output/paint.js';
import type { TableFormat } from '../output/render.js';
import { markdownTable, textTable, type Table } from '../output/table.js';
import { wrap } from '../output/wrap.js';

/** Longer lines are hard to read, however wide the terminal is. */
const WIDEST = 110;

/** A piece of what a command has to tell. */
export interface Section {
  readonly title?: string;
  /** Paragraphs before the table; each is wrapped to the terminal. */
  readonly text?: readonly string[];
  /** Lines to paste, after the paragraphs: never wrapped. */
  readonly code?: readonly string[];
  /** A picture, after those: lines as they are. */
  readonly picture?: readonly string[];
  readonly table?: Table;
}

/** What a command has to tell, for people and for programs. */
export interface Shown {
  /** For `--json`: `format`, the number of its form, is put before it. */
  readonly data: object;
  /** For people. May colour its text, with what it is given. */
  sections(paint: Paint): readonly Section[];
}

/** Writes what a command has to tell, in the format that is asked for. */
export function show(context: Context, format: TableFormat, { data, sections }: Shown): void {
  const { out } = context.terminal;
  out.write(
    format === 'json' ? json(data) : format === 'markdown' ? harmless(markdown(sections(paintFor(false, {})))) : textOf(context, sections),
  );
}

/** What a command has to tell, for people at its terminal. */
export function textOf({ terminal }: Context, sections: Shown['sections']): string {
  const paint = paintFor(terminal.out.terminal, terminal.env);
  const columns = Math.min(terminal.out.columns, WIDEST);
  const text = sections(paint)
    .map(({ title, text = [], code = [], picture = [], table }) =>
      [
        ...(title === undefined ? [] : [`${paint.bold(title)}\n`]),
        ...text.map((paragraph) => `${wrap(paragraph, columns)}\n`),
        ...code.map((line) => `    ${paint.cyan(line)}\n`),
        ...picture.map((line) => `  ${line}\n`),
        ...(table === undefined ? [] : [textTable(table, paint)]),
      ].join(''),
    )
    .join('\n');
  return harmless(text, paint);
}

/** `format` rises when something is taken away or means another thing. */
function json(data: object): string {
  return `${JSON.stringify({ format: 1, ...data }, undefined, 2)}\n`;
}

function markdown(sections: readonly Section[]): string {
  return sections
    .map(({ title, text = [], code = [], picture = [], table }) =>
      [
        ...(title === undefined ? [] : [`## ${title}\n`]),
        ...text.map((one) => `${one}\n`),
        ...(code.length === 0 ? [] : [['```sh', ...code, '```', ''].join('\n')]),
        ...(picture.length === 0 ? [] : [['```text', ...picture, '```', ''].join('\n')]),
        ...(table === undefined ? [] : [markdownTable(table)]),
      ].join('\n'),
    )
    .join('\n');
}
