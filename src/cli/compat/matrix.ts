import type { Command } from 'commander';
import { command, contractsOption, tableFormatOption, type Common, type Context } from '../command.js';
import { engine } from '../engine.js';
import { EXIT } from '../exit.js';
import { paintFor } from '../output/paint.js';
import type { TableFormat } from '../output/render.js';
import { markdownTable, textTable } from '../output/table.js';
import { wrap } from '../output/wrap.js';
import { workOf } from '../project/work.js';
import { matrixOf, type MatrixRow } from '../report/matrix.js';

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
      ['lynchpin compat matrix --format json', 'with everything, for programs'],
    ],
  })
    .addOption(contractsOption())
    .addOption(tableFormatOption())
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
      rows: rows.map((row) => cells(row, text)),
    };
    terminal.out.write(text ? textTable(table, paintFor(terminal.out.terminal, terminal.env)) : markdownTable(table));
  }
  context.end(EXIT.fine);
}

function cells({ api, version, released, inWindow, carriesNew, missingMethods, lost }: MatrixRow, narrow: boolean): readonly string[] {
  const list = (parts: readonly string[]): string => (narrow ? wrap(shortened(parts).join(', '), 36) : parts.join(', '));
  return [
    api,
    version,
    released ?? '-',
    inWindow ? 'yes' : 'no',
    list(Object.entries(carriesNew).map(([name, carried]) => `${name} ${carried}`)),
    list(missingMethods),
    lost === undefined ? '?' : list([...new Set(lost.map(({ field, reason }) => (reason === undefined ? field : `${field} (declared)`)))]),
  ];
}

/** A cell of a table tells the beginning; the rest is in the JSON. */
function shortened(parts: readonly string[]): readonly string[] {
  return parts.length > 8 ? [...parts.slice(0, 7), `and ${parts.length - 7} more`] : parts;
}
