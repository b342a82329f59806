import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Report } from './server.js';

/** A server in a process of its own. */
export class Victim {
  readonly #child: ChildProcess;
  #errors = '';

  private constructor(child: ChildProcess) {
    this.#child = child;
    child.stderr?.on('data', (text: Buffer) => {
      this.#errors = (this.#errors + String(text)).slice(-4_000);
    });
  }

  static async start(url: string, namespace: string): Promise<Victim> {
    const child = fork(fileURLToPath(new URL('./server.js', import.meta.url)), [url, namespace], {
      execArgv: ['--expose-gc'],
      stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
    });
    const victim = new Victim(child);
    await victim.#next();
    return victim;
  }

  /** What it wrote to its error output: nothing, if all is well. */
  get errors(): string {
    return this.#errors;
  }

  get alive(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  async report(): Promise<Report> {
    const answer = this.#next();
    this.#child.send('report');
    return (await answer) as Report;
  }

  async stop(): Promise<void> {
    if (!this.alive) return;
    const gone = once(this.#child, 'exit');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), 5_000);
    this.#child.send('leave');
    await gone;
    clearTimeout(timer);
  }

  /** The next word of the process; rejects when it ends instead. */
  #next(): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const child = this.#child;
      const ended = (): void => reject(new Error(`the server's process has ended: ${this.#errors}`));
      if (!this.alive) return ended();
      child.once('exit', ended);
      child.once('message', (word) => {
        child.off('exit', ended);
        resolve(word);
      });
    });
  }
}
