import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Mutation } from '../../harness/mutation/index.js';
import { unapplied } from '../../harness/mutation/index.js';
import { Child } from '../../harness/process/index.js';
import type { PinSeen, PinWanted } from './pins.js';

/** One server or client of a fleet. */
export interface MemberOptions {
  readonly name: string;
  readonly role: 'server' | 'client';
  readonly release: 'A' | 'B';
  readonly url: string;
  readonly namespace: string;
  /** In ms. Default: the library's. */
  readonly settle?: number;
  readonly heartbeat?: number;
  readonly backoff?: { readonly first: number; readonly most: number };
}

const PROGRAM = new URL('./program.js', import.meta.url).pathname;

/** Several processes, each with many servers and clients in it: two cores cannot hold hundreds of processes. */
export class Fleet {
  readonly #directory = mkdtempSync(join(tmpdir(), 'fleet-'));
  readonly #hosts = new Map<string, { readonly child: Child; readonly mutations: readonly Mutation[]; readonly journal: string }>();

  /** A process of the fleet; started when it is first asked for. */
  host(name: string, mutations: readonly Mutation[] = []): Host {
    let host = this.#hosts.get(name);
    if (host === undefined) {
      const journal = join(this.#directory, `${name}.journal`);
      const window = { floor: '1.0', version: '1.4' };
      const assignment = { process: name, name, role: 'server', release: 'B', window, journal, url: '', clock: 0, settings: {} } as const;
      host = { child: new Child({ program: PROGRAM, assignment, mutations }), mutations, journal };
      this.#hosts.set(name, host);
    }
    return new Host(host.child);
  }

  /** Ends every process. @throws Error when a mutation was never loaded: then it proves nothing. */
  async stop(): Promise<void> {
    const hosts = [...this.#hosts.values()];
    await Promise.all(hosts.map(({ child }) => child.kill()));
    const missed = hosts.flatMap(({ mutations, journal }) => unapplied(mutations, `${journal}.mutated`));
    rmSync(this.#directory, { recursive: true, force: true });
    if (missed.length > 0) throw new Error(`never loaded: ${missed.map(({ file }) => file).join(', ')}`);
  }
}

/** One process of a fleet. */
export class Host {
  constructor(readonly child: Child) {}

  /** Starts a server or client in it; resolves once it serves or may send, with how long that took, in ms. */
  join(options: MemberOptions): Promise<number> {
    return this.child.ask('join', options);
  }

  /** Has one leave in good order. */
  async leave(name: string): Promise<void> {
    await this.child.ask('leave', name);
  }

  /** What the pin of a client was, from the beginning. */
  pins(name: string): Promise<readonly PinSeen[]> {
    return this.child.ask('pins', name);
  }

  /** Waits until the pin of a client is as wanted, and answers when it was, on the monotonic clock. */
  wait(name: string, wanted: PinWanted, patience = 20_000): Promise<number> {
    return this.child.ask('wait', { name, wanted, patience });
  }
}
