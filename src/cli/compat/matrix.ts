import type { Command } from 'commander';
import { command, contractsOption, tableFormatOption, type Common, type Context, jsonOption } from '../command.js';
import { engine } from '../engine.js';
import { EXIT } from '../exit.js';
import { paintFor } from '../output/paint.js';
import type { TableFormat } from '../output/render.js';
import { markdownTable, textTable } from '../output/table.js';
import { wrap } from '../output/wrap.js';
import { workOf } from '../project/work.js';
import { matrixOf, type Loss, type MatrixRow } from '../report/matrix.js';

interface Options extends Common {
  readonly contracts?: readonly string[];
  readonly format: TableFormat;
}

/** `lynchpin compat matrix`. */
export function matrixCommand(context: Context): Command {
  return command({
    name: 'matrix',
    summary: 'show each API version: what it carries, and what of today is lost to it',
    examples: [
      ['lynchpin compat matrix', 'a table'],
      ['lynchpin compat matrix --json', 'with everything, for programs'],
    ],
  })
    .addOption(contractsOption())
    .addOption(tableFormatOption())
    .addOption(jsonOption())
    .action((options: Options) => matrix(options, context));
}

async function matrix({ format, ...options }: Options, context: Context): Promise<void> {
  const { terminal } = context;
  const { project, surface } = await workOf(options, context);
  const { readRecording } = await engine();
  const { compareVersions } = await import('../../versions/index.js');
  const { recorded } = readRecording(project.recordingFolder);
  const rows = matrixOf(surface, recorded, compareVersions);
  if (format === 'json') terminal.out.write(`${JSON.stringify(rows, undefined, 2)}\n`);
  else {
    const text = format === 'text';
    const table = {
      headings: ['api', 'version', 'released', 'read', 'carries anew', 'methods missing', 'lost to it'],
      rows: cellsOf(rows, text),
    };
    terminal.out.write(text ? textTable(table, paintFor(terminal.out.terminal, terminal.env)) : markdownTable(table));
  }
  context.end(EXIT.fine);
}

function cellsOf(rows: readonly MatrixRow[], narrow: boolean): readonly (readonly string[])[] {
  const ends = new Map<string, number>();
  rows.forEach(({ api, missingMethods, lost = [] }, at) => {
    for (const what of [...missingMethods, ...lost.map(fieldText)]) ends.set(`${api} ${what}`, at);
  });
  return rows.map(({ api, version, released, inWindow, carriesNew, missingMethods, lost }) => {
    // What the next versions bring tells one row from the other: it comes first.
    const nearest = (parts: readonly string[]): readonly string[] =>
      [...new Set(parts)].sort((a, b) => (ends.get(`${api} ${a}`) ?? 0) - (ends.get(`${api} ${b}`) ?? 0));
    const list = (parts: readonly string[]): string => (narrow ? wrap(shortened(parts).join(', '), 34) : parts.join(', '));
    return [
      api,
      version,
      released ?? '-',
      inWindow ? 'yes' : 'no',
      list(Object.entries(carriesNew).map(([name, carried]) => `${name} ${carried}`)),
      list(nearest(missingMethods)),
      lost === undefined ? '?' : list(nearest(lost.map(fieldText))),
    ];
  });
}

function fieldText({ field, reason }: Loss): string {
  return reason === undefined ? field : `${field} (declared)`;
}

/** A cell of a table tells the beginning; the rest is in the JSON. */
function shortened(parts: readonly string[]): readonly string[] {
  return parts.length > 4 ? [...parts.slice(0, 3), `and ${parts.length - 3} more`] : parts;
}
