import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import { type ExitCode } from './exit.js';
import { FORMATS, TABLE_FORMATS, type Format, type TableFormat } from './output/render.js';
import type { Terminal } from './terminal.js';

/** What every command is given. */
export interface Context {
  readonly terminal: Terminal;
  /** Takes what the command ends with. */
  end(code: ExitCode): void;
}

/** What a command says of itself. */
export interface Says {
  readonly name: string;
  /** One line, for lists. */
  readonly summary: string;
  /** What else there is to know. */
  readonly description?: string;
  /** What it may look like on the command line, each with a remark. */
  readonly examples: readonly (readonly [command: string, remark: string])[];
}

/** Options that every command has. */
export interface Common {
  readonly C?: string;
}

/** A command with its help, its examples and `-C`. */
export function command(says: Says): Command {
  return described(says).option('-C <dir>', 'work in this folder instead of the present one');
}

/** A command with its help and its examples. */
export function described({ name, summary, description, examples }: Says): Command {
  const width = Math.max(...examples.map(([text]) => text.length));
  const shown = examples.map(([text, remark]) => `  ${text.padEnd(width)}  ${remark}`);
  return new Command(name)
    .summary(summary)
    .description([summary, ...(description === undefined ? [] : [description])].join('\n\n'))
    .addHelpText('after', `\nExamples:\n${shown.join('\n')}`);
}

/** The folder that a command works in. */
export function folderOf({ C: folder }: Common, { terminal }: Context): string {
  return folder === undefined ? terminal.folder : resolve(terminal.folder, folder);
}

/** Where the contracts are, when the settings do not say. */
export function contractsOption(): Option {
  return new Option('--contracts <path...>', 'the modules that export the contracts (default: those of the settings)');
}

export function formatOption(): Option {
  return new Option('--format <format>', 'how to give the findings').choices([...FORMATS]).default('text' satisfies Format);
}

export function tableFormatOption(): Option {
  return new Option('--format <format>', 'how to give the table').choices([...TABLE_FORMATS]).default('text' satisfies TableFormat);
}

/** What programs read, in one word. */
export function jsonOption(): Option {
  return new Option('--json', 'the same as --format json').implies({ format: 'json' });
}
