import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

const DEMO = fileURLToPath(new URL('../../../examples/cinder-volume/demo/', import.meta.url));

/** What a program printed and how it ended. */
export interface Ran {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

/** Plays the demo, piped. */
export function demo(...args: readonly string[]): Promise<Ran> {
  return run('index.js', args);
}

/** Reconciles a folder of journals. */
export function verifier(...args: readonly string[]): Promise<Ran> {
  return run('verifier/index.js', args);
}

/** Starts a program of the demo, piped. */
export function start(program: string, args: readonly string[]): ChildProcessByStdio<null, Readable, Readable> {
  return spawn(process.execPath, [`${DEMO}${program}`, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
}

async function run(program: string, args: readonly string[]): Promise<Ran> {
  const child = start(program, args);
  let output = '';
  let errors = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, output, errors };
}

/** The events of a run with `--json`. */
export function eventsOf(output: string): Record<string, unknown>[] {
  return output
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
