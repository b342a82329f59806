import { InvalidArgumentError, Option, type Command } from 'commander';
import { described, jsonOption, tableFormatOption, type Says } from '../command.js';
import type { TableFormat } from '../output/render.js';

/** How long the broker and those who are asked over it may take, when nothing else is said. */
const TIMEOUT = '10s';

/** Options that every command has that speaks with a broker. */
export interface FleetOptions {
  /** The broker's address, with credentials: never shown. Unset: the environment says it. */
  readonly broker?: string;
  /** Unset: the environment says it, or it is the library's own. */
  readonly namespace?: string;
  readonly format: TableFormat;
  /** In ms. */
  readonly timeout: number;
}

/** Options that every command has that changes something. */
export interface ActionOptions extends FleetOptions {
  readonly yes?: true;
  readonly author?: string;
  readonly reason?: string;
}

/** A command that speaks with a broker and only looks: `--broker`, `--namespace`, `--format`, `--json`, `--timeout`. */
export function fleetCommand(says: Says): Command {
  return described(says)
    .helpGroup('A running fleet:')
    .option('--broker <url>', "the broker's address (default: LYNCHPIN_BROKER, or AMQP_URL, or amqp://localhost)")
    .option('--namespace <name>', 'the namespace of the system (default: LYNCHPIN_NAMESPACE, or lynchpin)')
    .addOption(durationOption('--timeout <time>', 'how long to wait for the broker, and for answers: 500ms, 10s, 2m', TIMEOUT))
    .addOption(tableFormatOption())
    .addOption(jsonOption());
}

/** A command that changes something: besides what {@link fleetCommand} has, `--yes`, `--author` and `--reason`. */
export function actionCommand(says: Says & { readonly reason: 'required' | 'optional' }): Command {
  const made = fleetCommand(says)
    .option('-y, --yes', 'do it without asking; needed where nobody can be asked')
    .option('--author <name>', 'who does it, for the record (default: user@host)');
  const [flags, description] = ['--reason <text>', 'why, for the record and for everyone who meets it'];
  return says.reason === 'required' ? made.requiredOption(flags, description, wordsOf) : made.option(flags, description, wordsOf);
}

/**
 * An option that takes a time, which the command is given in ms.
 * @param standard when nothing is said: `10s`. Default: then it is unset.
 */
export function durationOption(flags: string, description: string, standard?: string): Option {
  const option = new Option(flags, description).argParser(durationOf);
  return standard === undefined ? option : option.default(durationOf(standard), standard);
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Reads a time from the command line, in ms. A number without a unit is seconds. */
export function durationOf(text: string): number {
  const [, number = '', unit = 's'] = /^(\d+(?:\.\d+)?) ?(ms|s|m|h|d)?$/.exec(text) ?? [];
  const milliseconds = Math.round(Number(number) * (UNITS[unit] ?? Number.NaN));
  if (number === '' || !(milliseconds > 0))
    throw new InvalidArgumentError('It is a number above zero and its unit: 500ms, 10s, 5m, 1h, 2d.');
  return milliseconds;
}

function wordsOf(text: string): string {
  const words = text.trim();
  if (words === '') throw new InvalidArgumentError('It needs words.');
  return words;
}
