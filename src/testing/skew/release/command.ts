import { spawn } from 'node:child_process';
import { LynchpinError } from '../../../errors/index.js';

/** A program that is run to its end. */
export interface Command {
  /** For messages: "building volume at v1.4.2". */
  readonly doing: string;
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** Ends it when it fires. */
  readonly signal: AbortSignal;
}

/** How much of what it prints is shown when it fails, in characters. */
const TAIL = 2_000;

/** Runs a program. @throws LynchpinError `DECLARATION` when it fails, with what it printed last. */
export async function run({ doing, program, args, cwd, signal }: Command): Promise<void> {
  let output = '';
  const code = await new Promise<number | string>((resolve) => {
    // A group of its own, so that what it starts ends with it.
    const child = spawn(program, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    const end = (): void => endGroup(child.pid);
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (output = (output + text).slice(-TAIL)));
    child.once('error', (error) => resolve(error.message));
    child.once('close', (status, killed) => {
      signal.removeEventListener('abort', end);
      resolve(status ?? killed ?? 'no reason given');
    });
  });
  if (code === 0) return;
  const why = signal.aborted ? 'it took too long' : `it ended with ${code}`;
  throw new LynchpinError('DECLARATION', `${doing} failed, because ${why}: ${[program, ...args].join(' ')}\n${output}`.trimEnd(), {
    doing,
  });
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}
