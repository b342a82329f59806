import { type ChildProcess, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import type { Entry } from '../journal/index.js';
import { type Mutation, mutationArguments } from '../mutation/index.js';
import { ASSIGNMENT, type Answer, type Assignment, type Command } from './assignment.js';
import { Output } from './output.js';

export interface ChildOptions {
  /** The compiled program. */
  readonly program: string;
  readonly assignment: Assignment;
  /** Lines of the built package that this process runs with a difference. */
  readonly mutations?: readonly Mutation[];
}

/** How a process ended. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

const INSIDE = new URL('./inside.js', import.meta.url).href;

/** How long a wait for something that a process does may take, in ms, unless told otherwise. */
const PATIENCE = 15_000;

/** A process of a run, supervised: everything that can be done to it from outside, by its own process id. */
export class Child {
  readonly name: string;
  readonly exited: Promise<Exit>;
  /** What it wrote to its standard output and error. */
  readonly output: Output;
  readonly #process: ChildProcess;
  readonly #latest = new Map<Entry['kind'], Entry>();
  readonly #arrivals = new EventEmitter().setMaxListeners(0);
  readonly #questions = new Map<number, (answer: Answer) => void>();
  #asked = 0;
  #exit: Exit | undefined;

  constructor({ program, assignment, mutations = [] }: ChildOptions) {
    this.name = assignment.process;
    const mutated = mutationArguments(mutations, `${assignment.journal}.mutated`);
    this.#process = spawn(process.execPath, [...mutated.nodeOptions, '--import', INSIDE, program], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: { ...process.env, ...mutated.environment, [ASSIGNMENT]: JSON.stringify(assignment) },
    });
    this.output = new Output(this.#process);
    this.exited = once(this.#process, 'exit').then(([code, signal]) => this.#ended({ code, signal } as Exit));
    this.#process.on('message', (message) => this.#hear(message as Answer | { readonly event: Entry }));
    this.#process.on('error', () => {});
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  get running(): boolean {
    return this.#exit === undefined;
  }

  /** Resolves when it serves or may send. @throws Error with its output when it ended instead. */
  async ready(): Promise<void> {
    await this.told('ready');
  }

  /** Waits until the latest note of this kind is there and is as wanted. */
  async told<Kind extends Entry['kind']>(
    kind: Kind,
    wanted: (entry: Extract<Entry, { kind: Kind }>) => boolean = () => true,
    patience: number = PATIENCE,
  ): Promise<Extract<Entry, { kind: Kind }>> {
    const timeout = AbortSignal.timeout(patience);
    for (;;) {
      const latest = this.#latest.get(kind) as Extract<Entry, { kind: Kind }> | undefined;
      if (latest !== undefined && wanted(latest)) return latest;
      if (!this.running) throw new Error(`${this.name} ended before it told "${kind}"\n${this.output.text}`);
      await once(this.#arrivals, 'change', { signal: timeout }).catch((cause: unknown) => {
        throw new Error(`${this.name} did not tell the "${kind}" that was waited for within ${patience} ms\n${this.output.text}`, {
          cause,
        });
      });
    }
  }

  /** Has the program do something once it is ready, and answers what it answered. */
  async ask<Result = unknown>(command: string, payload?: unknown): Promise<Result> {
    await this.ready();
    this.#asked += 1;
    const id = this.#asked;
    const answered = new Promise<Answer>((resolve) => this.#questions.set(id, resolve));
    const message: Command = { id, command, payload };
    if (this.#process.connected) this.#process.send(message, () => {});
    const gone = this.exited.then((): Answer => ({ id, error: 'the process has ended' }));
    const answer = await Promise.race([answered, gone]);
    this.#questions.delete(id);
    if ('error' in answer) throw new Error(`${this.name}, asked to ${command}: ${answer.error}\n${this.output.text}`);
    return answer.result as Result;
  }

  /** Asks it to leave (SIGTERM) and waits until it has; SIGKILL and an error when it does not within `patience` ms. */
  async terminate(patience = PATIENCE): Promise<Exit> {
    this.#process.kill('SIGTERM');
    const timer = setTimeout(() => this.#process.kill('SIGKILL'), patience);
    const exit = await this.exited;
    clearTimeout(timer);
    if (exit.signal === 'SIGKILL') throw new Error(`${this.name} did not leave within ${patience} ms\n${this.output.text}`);
    return exit;
  }

  /** SIGKILL: it can do nothing about it. */
  async kill(): Promise<void> {
    if (this.running) this.#process.kill('SIGKILL');
    await this.exited;
  }

  /** SIGSTOP: it stands still and its sockets stay open. */
  freeze(): void {
    this.#process.kill('SIGSTOP');
  }

  thaw(): void {
    this.#process.kill('SIGCONT');
  }

  #hear(message: Answer | { readonly event: Entry }): void {
    if ('event' in message) {
      this.#latest.set(message.event.kind, message.event);
      this.#arrivals.emit('change');
    } else {
      this.#questions.get(message.id)?.(message);
    }
  }

  #ended(exit: Exit): Exit {
    this.#exit = exit;
    this.#arrivals.emit('change');
    return exit;
  }
}
