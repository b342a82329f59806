import { mkdirSync, readdirSync } from 'node:fs';
import { parseArgs } from 'node:util';

/** What the play was asked for. */
export interface Options {
  readonly amqp: boolean;
  readonly json: boolean;
  readonly seconds: number;
  readonly calls: number;
  readonly seed: number;
  readonly journals: string | undefined;
}

/** The command line makes no sense; the message says why, in one sentence. */
export class WrongOptions extends Error {}

export const HELP = `Plays a rolling upgrade of Cinder's volume service: up, back, and up again, under load.

usage: npm run demo -- [options]

  --amqp           one process per server and client, on a private RabbitMQ, checked message by message afterwards
  --json           one event per line, as JSON
  --seconds N      about how long to play, 5 to 600 (default 8; with --amqp 15)
  --calls N        at least so many calls (default 0; with --amqp 20000)
  --seed N         seed of all that is random (default 1)
  --journals DIR   where every server and client writes what it did, an empty folder (default with --amqp: a
                   temporary one, which is kept only if something does not add up)
  --help           this text

On a terminal it draws a live table (NO_COLOR is respected); piped it prints plain lines.
Exit code: 0 if everything adds up, 1 if not, 2 for wrong options.
`;

const KNOWN = {
  amqp: { type: 'boolean' },
  json: { type: 'boolean' },
  seconds: { type: 'string' },
  calls: { type: 'string' },
  seed: { type: 'string' },
  journals: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

/**
 * Reads the command line.
 * @returns 'help' when that is what was asked for.
 * @throws WrongOptions.
 */
export function readOptions(args: readonly string[]): Options | 'help' {
  const { tokens } = parseArgs({ args: [...args], options: KNOWN, strict: false, tokens: true });
  const given = new Map<string, string | true>();
  for (const token of tokens) {
    if (token.kind === 'positional') throw new WrongOptions(`${JSON.stringify(token.value)} is not an option; --help lists them`);
    if (token.kind === 'option-terminator') continue;
    const known = KNOWN[token.name as keyof typeof KNOWN] as (typeof KNOWN)[keyof typeof KNOWN] | undefined;
    if (known === undefined || !Object.hasOwn(KNOWN, token.name))
      throw new WrongOptions(`there is no option ${token.rawName}; --help lists them`);
    if (given.has(token.name)) throw new WrongOptions(`--${token.name} was given twice`);
    if (known.type === 'boolean' && token.value !== undefined) throw new WrongOptions(`--${token.name} takes no value`);
    if (known.type === 'string' && (token.value === undefined || token.value === '' || token.value.startsWith('--')))
      throw new WrongOptions(`--${token.name} needs a value`);
    given.set(token.name, token.value ?? true);
  }
  if (given.has('help')) return 'help';
  const amqp = given.has('amqp');
  const journals = given.get('journals');
  return {
    amqp,
    json: given.has('json'),
    seconds: number('seconds', given.get('seconds'), { from: 5, to: 600, whole: false }) ?? (amqp ? 15 : 8),
    calls: number('calls', given.get('calls'), { from: 0, to: 10_000_000, whole: true }) ?? (amqp ? 20_000 : 0),
    seed: number('seed', given.get('seed'), { from: 0, to: 2 ** 32 - 1, whole: true }) ?? 1,
    journals: typeof journals === 'string' ? prepared(journals) : undefined,
  };
}

function number(
  name: string,
  text: string | true | undefined,
  { from, to, whole }: { readonly from: number; readonly to: number; readonly whole: boolean },
): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  const fits = Number.isFinite(value) && value >= from && value <= to && (!whole || Number.isInteger(value));
  if (!fits) throw new WrongOptions(`--${name} takes a ${whole ? 'whole ' : ''}number from ${from} to ${to}, got ${JSON.stringify(text)}`);
  return value;
}

/** Makes sure that a folder for journals is there and empty. */
function prepared(folder: string): string {
  try {
    mkdirSync(folder, { recursive: true });
    if (readdirSync(folder).length === 0) return folder;
  } catch (error) {
    throw new WrongOptions(`--journals needs a folder: ${error instanceof Error ? error.message : String(error)}`);
  }
  throw new WrongOptions(`--journals needs an empty folder, and ${folder} is not`);
}
