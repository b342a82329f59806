import { spawn } from 'node:child_process';

/** What a program said. */
export interface Ran {
  /** Its exit code; undefined when it could not be started at all. */
  readonly code: number | undefined;
  readonly out: Buffer;
  readonly err: string;
}

/** Runs a program to its end. It never fails by itself: the code tells. */
export function run(
  program: string,
  args: readonly string[],
  folder: string,
  options: { input?: string; env?: Readonly<Record<string, string | undefined>> } = {},
): Promise<Ran> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: folder,
      stdio: ['pipe', 'pipe', 'pipe'],
      ...(options.env === undefined ? {} : { env: { ...options.env } }),
    });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    child.on('error', (error) => resolve({ code: undefined, out: Buffer.alloc(0), err: error.message }));
    child.on('close', (code) => resolve({ code: code ?? 1, out: Buffer.concat(out), err: Buffer.concat(err).toString('utf8') }));
    // A program that ends before it has read everything closes the pipe; its exit code says why.
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.input ?? '');
  });
}
