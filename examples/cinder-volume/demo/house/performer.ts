import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Actor, Part, Report, Tell } from '../actor/index.js';

/** What a performer's process is asked. */
export type Command = { readonly command: 'quiet' };
/** What it says. */
export type Message = Report | { readonly kind: 'ready' } | { readonly kind: 'quiet' };

const PROGRAM = fileURLToPath(new URL('./program.js', import.meta.url));
/** How long a process may take to leave, in ms. */
const PATIENCE = 35_000;

/** A server or client as a process of its own. */
export class Performer implements Actor {
  /** Resolves once it serves, or its pin is negotiated. */
  readonly ready: Promise<void>;
  readonly #process: ChildProcess;
  readonly #gone: Promise<unknown>;
  #errors = '';
  #leaving: 'no' | 'asked' | 'killed' = 'no';

  constructor(
    private readonly part: Part,
    url: string,
    tell: Tell,
  ) {
    // A session of its own, so that Ctrl-C reaches the play alone, which then takes its processes down in order.
    this.#process = fork(PROGRAM, [JSON.stringify(part), url], { detached: true, stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
    this.#process.stderr?.on('data', (chunk: Buffer) => (this.#errors = `${this.#errors}${chunk.toString()}`.slice(-2_000)));
    this.#process.on('message', (message: Message) => {
      if (message.kind !== 'ready' && message.kind !== 'quiet') tell(message);
    });
    this.#gone = once(this.#process, 'exit').then(([code, signal]: unknown[]) => {
      const asked = this.#leaving === 'killed' || (this.#leaving === 'asked' && code === 0);
      if (!asked) tell({ kind: 'problem', name: part.name, text: this.#ended(code as number | null, signal as string | null) });
      if (part.role === 'server') tell({ kind: 'server', name: part.name, state: 'gone' });
    });
    this.ready = this.#said('ready');
  }

  async quiet(): Promise<void> {
    this.#process.send({ command: 'quiet' } satisfies Command);
    await this.#said('quiet');
  }

  /** SIGTERM, as any supervisor does it; resolves once the process has ended. */
  async stop(): Promise<void> {
    this.#leaving = 'asked';
    this.#process.kill('SIGTERM');
    const timer = setTimeout(() => this.#process.kill('SIGKILL'), PATIENCE);
    await this.#gone;
    clearTimeout(timer);
  }

  /** Ends the process at once, if it is still there. */
  async kill(): Promise<void> {
    this.#leaving = 'killed';
    if (this.#process.exitCode === null && this.#process.signalCode === null) this.#process.kill('SIGKILL');
    await this.#gone;
  }

  async #said(kind: 'ready' | 'quiet'): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const listen = (message: Message): void => {
        if (message.kind !== kind) return;
        this.#process.off('message', listen);
        resolve();
      };
      this.#process.on('message', listen);
      this.#process.once('exit', (code, signal) => reject(new Error(this.#ended(code, signal))));
    });
  }

  #ended(code: number | null, signal: string | null): string {
    const how = signal === null ? `with exit code ${code}` : `by ${signal}`;
    return `${this.part.process} ended ${how}${this.#errors === '' ? '' : `: ${this.#errors.trim()}`}`;
  }
}
