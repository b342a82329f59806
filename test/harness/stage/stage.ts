import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Evidence, inspectQueues, queuesNamed, readEvidence } from '../check/index.js';
import { JOURNAL_SUFFIX, type Role, type Window } from '../journal/index.js';
import { type Mutation, unapplied } from '../mutation/index.js';
import { type Assignment, Child } from '../process/index.js';
import { Proxy, readWireJournals, WIRE_SUFFIX } from '../proxy/index.js';
import { ActionWriter } from './actions.js';

/** The broker of a run. */
export interface StageBroker {
  readonly url: string;
  restart(): Promise<void>;
}

/** A program and what it reads. */
export interface Release {
  readonly window: Window;
  readonly program: string;
  readonly mutations?: readonly Mutation[];
}

export interface PartOptions {
  readonly name: string;
  readonly role: Role;
  readonly release: string;
  /** Milliseconds that its wall clock is off from the start. */
  readonly clock?: number;
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** A process of a run with its way to the broker. */
export interface Part {
  readonly child: Child;
  readonly proxy: Proxy;
  readonly options: PartOptions;
  readonly assignment: Assignment;
}

export interface StageOptions {
  readonly broker: StageBroker;
  /** Releases by role and letter: `server A`. */
  readonly releases: Readonly<Record<`${Role} ${string}`, Release>>;
  /** For every process, unless it is started with its own. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

/**
 * Where a run takes place: starts its processes, each behind a proxy of its own, keeps what they write, and stops every
 * one of them, whatever happens.
 */
export class Stage {
  /** Where the journals are. */
  readonly directory: string;
  readonly actions: ActionWriter;
  readonly #options: StageOptions;
  readonly #parts = new Map<string, Part>();
  readonly #all: Part[] = [];
  readonly #endAll = (): void => {
    for (const { child } of this.#all) if (child.running) process.kill(child.pid, 'SIGKILL');
  };
  #closed = false;

  constructor(options: StageOptions) {
    this.#options = options;
    this.directory = mkdtempSync(join(tmpdir(), 'harness-'));
    this.actions = new ActionWriter(this.directory);
    process.once('exit', this.#endAll);
  }

  get broker(): StageBroker {
    return this.#options.broker;
  }

  /** The present incarnation under a name. */
  part(name: string): Part {
    const part = this.#parts.get(name);
    if (part === undefined) throw new Error(`nothing was started under the name ${name}`);
    return part;
  }

  /** The present incarnations, those that have ended included. */
  get parts(): Part[] {
    return [...this.#parts.values()];
  }

  /** Starts a process; does not wait until it is ready. */
  async start(options: PartOptions): Promise<Part> {
    const release = this.#options.releases[`${options.role} ${options.release}`];
    if (release === undefined) throw new Error(`there is no release ${options.release} of a ${options.role}`);
    const incarnation = this.#all.filter((part) => part.options.name === options.name).length + 1;
    const process = `${options.name}.${incarnation}`;
    const target = new URL(this.broker.url);
    const proxy = await Proxy.open({
      host: target.hostname,
      port: Number(target.port),
      journal: join(this.directory, `${process}${WIRE_SUFFIX}`),
    });
    target.port = String(proxy.port);
    const assignment: Assignment = {
      process,
      name: options.name,
      role: options.role,
      release: options.release,
      window: release.window,
      journal: join(this.directory, `${process}${JOURNAL_SUFFIX}`),
      url: target.href,
      clock: options.clock ?? 0,
      settings: { ...this.#options.settings, ...options.settings },
    };
    const child = new Child({ program: release.program, assignment, mutations: release.mutations ?? [] });
    const part: Part = { child, proxy, options, assignment };
    this.#parts.set(options.name, part);
    this.#all.push(part);
    return part;
  }

  /** Stops everything that is left, and answers all that was written, with what stands on the broker now. */
  async evidence(): Promise<Evidence> {
    await this.#stop();
    for (const { options, assignment } of this.#all) {
      const mutations = this.#options.releases[`${options.role} ${options.release}`]?.mutations ?? [];
      const missed = unapplied(mutations, `${assignment.journal}.mutated`);
      if (missed.length > 0)
        throw new Error(`${assignment.process} never loaded ${missed.map(({ file }) => file).join(', ')}: its mutation proves nothing`);
    }
    const queues = await inspectQueues(this.broker.url, queuesNamed(readWireJournals(this.directory)));
    return readEvidence(this.directory, queues);
  }

  /** Stops everything, and throws away what was written unless told to keep it. */
  async close(options: { readonly keep?: boolean } = {}): Promise<void> {
    await this.#stop();
    if (options.keep !== true) rmSync(this.directory, { recursive: true, force: true });
  }

  async #stop(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await Promise.all(this.#all.map(({ child }) => child.kill()));
    await Promise.all(this.#all.map(({ proxy }) => proxy.close()));
    this.actions.close();
    process.removeListener('exit', this.#endAll);
  }
}
