import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, type WriteStream } from 'node:fs';

/** Ends what it watches when the pipe on its input breaks, which is when this process is gone, however it went. */
const GUARD = 'read -r word || { kill -9 "$1"; sleep 1; [ -z "$2" ] || rm -rf -- "$2"; } 2>/dev/null';

/** A child process that cannot outlive this one. */
export class Child {
  readonly pid: number;
  /** Resolves when the process has ended. */
  readonly ended: Promise<void>;
  #running = true;
  readonly #process: ChildProcess;

  private constructor(child: ChildProcess, pid: number, output: WriteStream, folder: string) {
    this.#process = child;
    this.pid = pid;
    const guard = spawn('/bin/sh', ['-c', GUARD, 'guard', String(pid), folder], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
    guard.on('error', () => {});
    guard.stdin?.on('error', () => {});
    guard.unref();
    this.ended = new Promise((resolve) => {
      child.once('exit', () => {
        this.#running = false;
        guard.stdin?.end('over\n');
        output.end();
        resolve();
      });
    });
  }

  /**
   * Starts a program in a session of its own, so that a signal to this process's terminal does not reach it.
   * @param folder is deleted when this process dies without having stopped the child; '' for none.
   */
  static async start(
    program: string,
    args: readonly string[],
    options: { env: NodeJS.ProcessEnv; log: string; folder: string },
  ): Promise<Child> {
    const output = createWriteStream(options.log, { flags: 'a' });
    const child = spawn(program, args, { env: options.env, cwd: '/', stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    child.stdout?.pipe(output, { end: false });
    child.stderr?.pipe(output, { end: false });
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', reject);
    });
    return new Child(child, child.pid ?? 0, output, options.folder);
  }

  get running(): boolean {
    return this.#running;
  }

  /** Sends a signal, and SIGKILL when the process is still there after `patience` ms; resolves once it is gone. */
  async stop(signal: NodeJS.Signals, patience = 10_000): Promise<void> {
    if (!this.#running) return;
    this.#process.kill(signal);
    const timer = setTimeout(() => this.#process.kill('SIGKILL'), patience);
    await this.ended;
    clearTimeout(timer);
  }

  /** SIGSTOP and SIGCONT: the process stands still, its connections stay open. */
  signal(signal: NodeJS.Signals): void {
    if (this.#running) this.#process.kill(signal);
  }
}
