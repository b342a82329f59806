import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { LynchpinError, type ErrorCode } from '../../errors/index.js';
import { loadingFlags } from './loading-flags.js';
import type { Question, Reply, RequestName, Requests } from './messages.js';

const PROGRAM = new URL('./worker/program.js', import.meta.url);
/** How much of what a process prints is kept for the case that it fails, in characters. */
const TAIL = 4_000;
/** How long a process may take to end by itself, in ms. */
const ENDING = 4_000;

/** One release in a process of its own: asked over the channel to it, ended by its own id. */
export class ReleaseProcess {
  readonly #process: ChildProcess;
  readonly #exited: Promise<unknown>;
  readonly #open = new Map<number, { resolve(answer: never): void; reject(error: Error): void }>();
  #asked = 0;
  #output = '';
  #gone = false;

  /** @param title for messages: "the server of the old release". */
  constructor(readonly title: string) {
    this.#process = fork(PROGRAM, { execArgv: [...loadingFlags(process.execArgv)], stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
    this.#exited = once(this.#process, 'exit').then(
      () => this.#end(),
      () => this.#end(),
    );
    for (const stream of [this.#process.stdout, this.#process.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => (this.#output = (this.#output + text).slice(-TAIL)));
    this.#process.on('message', (message) => this.#hear(message as Reply));
    this.#process.on('error', () => {});
  }

  /** The process's id, for whoever watches that it ends. */
  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** @throws LynchpinError what it failed with; `CLOSED` when the process ended instead. */
  ask<Name extends RequestName>(name: Name, ask: Requests[Name]['ask']): Promise<Requests[Name]['answer']> {
    if (this.#gone) return Promise.reject(this.#endedError());
    this.#asked += 1;
    const question: Question = { id: this.#asked, name, ask };
    return new Promise((resolve, reject) => {
      this.#open.set(question.id, { resolve, reject });
      this.#process.send(question, (error) => {
        if (error !== null) this.#open.get(question.id)?.reject(this.#endedError());
      });
    });
  }

  /** Tells it to leave, and kills it when it does not. Resolves once it is gone. */
  async stop(): Promise<void> {
    if (this.#gone) return;
    if (this.#process.connected) this.#process.disconnect();
    const timer = setTimeout(() => this.kill(), ENDING);
    await this.#exited;
    clearTimeout(timer);
  }

  /** Ends it at once. */
  kill(): void {
    if (!this.#gone) this.#process.kill('SIGKILL');
  }

  #hear(reply: Reply): void {
    const open = this.#open.get(reply.id);
    this.#open.delete(reply.id);
    if ('answer' in reply) open?.resolve(reply.answer as never);
    else open?.reject(this.#failure(reply.code as ErrorCode | undefined, reply.error));
  }

  #failure(code: ErrorCode | undefined, text: string): Error {
    const message = `${this.title}: ${text.replace(new RegExp(`^${code ?? ''}: `), '')}`;
    return code === undefined ? new Error(message) : new LynchpinError(code, message);
  }

  #end(): void {
    this.#gone = true;
    for (const { reject } of this.#open.values()) reject(this.#endedError());
    this.#open.clear();
  }

  #endedError(): LynchpinError {
    return new LynchpinError('CLOSED', `${this.title} has ended${this.#output === '' ? '' : `; the last that it wrote: ${this.#output}`}`);
  }
}
