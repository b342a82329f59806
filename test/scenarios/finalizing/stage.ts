import assert from 'node:assert/strict';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { namesOf, openBroker, type Broker } from '#lynchpin/broker/index.js';
import { TopicLedger, type Entry } from '#lynchpin/pin/index.js';
import { mutationArguments, unapplied, type Mutation } from '../../harness/mutation/index.js';
import type { Answers, Command, Orders } from './program.js';

/** One process of a scenario. */
export class Actor {
  readonly #process: ChildProcess;
  readonly #ready: Promise<unknown>;
  readonly exited: Promise<NodeJS.Signals | null>;
  readonly #questions = new Map<number, (answer: never) => void>();
  #asked = 0;

  constructor(orders: Orders, nodeOptions: readonly string[], environment: Readonly<Record<string, string>>) {
    this.#process = fork(fileURLToPath(new URL('./program.js', import.meta.url)), [JSON.stringify(orders)], {
      execArgv: [...nodeOptions],
      env: { ...process.env, ...environment },
    });
    this.#process.on('message', (message: { readonly id?: number; readonly answer?: unknown }) => {
      if (message.id !== undefined) this.#questions.get(message.id)?.(message.answer as never);
    });
    this.exited = once(this.#process, 'exit').then(([, signal]) => signal as NodeJS.Signals | null);
    this.#ready = Promise.race([once(this.#process, 'message'), this.exited.then(() => Promise.reject(new Error(`${orders.name} ended`)))]);
    this.#ready.catch(() => undefined);
  }

  async ready(): Promise<this> {
    await this.#ready;
    return this;
  }

  /** What it answers; undefined when it has ended before. */
  async ask<Do extends Command['do']>(command: Extract<Command, { do: Do }>): Promise<Answers[Do] | undefined> {
    await this.#ready;
    const id = ++this.#asked;
    const answered = new Promise<Answers[Do]>((resolve) => this.#questions.set(id, resolve));
    this.#process.send({ id, command });
    return Promise.race([answered, this.exited.then(() => undefined)]);
  }

  freeze(): void {
    this.#process.kill('SIGSTOP');
  }

  thaw(): void {
    this.#process.kill('SIGCONT');
  }

  async kill(): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.exited;
  }
}

/** Everything that one scenario starts on a RabbitMQ, and what its ledgers say. */
export class FinalizingStage {
  readonly #actors: Actor[] = [];
  readonly #ledgers: TopicLedger[] = [];
  readonly #mutated: { readonly mutations: readonly Mutation[]; readonly record: string }[] = [];
  readonly #folder = mkdtempSync(join(tmpdir(), 'finalizing-'));

  private constructor(
    readonly url: string,
    readonly broker: Broker,
  ) {}

  static async open(url: string): Promise<FinalizingStage> {
    return new FinalizingStage(url, await openBroker(url));
  }

  /** Starts a process. @param mutations lines of the package that it runs with a difference. */
  actor(orders: Omit<Orders, 'url'> & { readonly url?: string }, mutations: readonly Mutation[] = []): Actor {
    const record = join(this.#folder, `${this.#actors.length}.mutated`);
    const { nodeOptions, environment } = mutationArguments(mutations, record);
    if (mutations.length > 0) this.#mutated.push({ mutations, record });
    const actor = new Actor({ url: this.url, ...orders }, nodeOptions, environment);
    this.#actors.push(actor);
    return actor;
  }

  /** The ledger of a namespace, and every entry as it comes. */
  async ledger(namespace: string, entries: Entry[] = []): Promise<TopicLedger> {
    const ledger = new TopicLedger(this.broker, 'volume', namesOf('volume', namespace).ledger);
    this.#ledgers.push(ledger);
    ledger.watch((_state, entry) => {
      if (entry.kind !== 'foreign' && entry.kind !== 'newer') entries.push(entry);
    });
    await ledger.ready(AbortSignal.timeout(10_000));
    return ledger;
  }

  async close(): Promise<void> {
    await Promise.all(this.#actors.map((actor) => actor.kill()));
    await Promise.all(this.#ledgers.map((ledger) => ledger.close()));
    await this.broker.close();
    for (const { mutations, record } of this.#mutated) assert.deepEqual(unapplied(mutations, record), [], 'every mutation was applied');
    rmSync(this.#folder, { recursive: true });
  }
}

/** Waits until something is so. */
export async function look(what: string, condition: () => boolean | Promise<boolean>, within = 60_000): Promise<void> {
  const begun = performance.now();
  while (!(await condition())) {
    assert.ok(performance.now() - begun < within, `it did not come to pass that ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
