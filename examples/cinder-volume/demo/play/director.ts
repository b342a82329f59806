import { setTimeout as pause } from 'node:timers/promises';
import type { Actor, Part } from '../actor/index.js';
import type { House } from '../house/index.js';
import { clientOf, type ReleaseName } from '../release/index.js';
import type { Scene } from '../scene/index.js';
import { compareVersions } from '../version.js';
import type { Tempo } from './tempo.js';

/** How long what was sent may take to be done at the end, in ms. */
const REST = 30_000;

/** How the actors are set up. */
export interface Setting {
  readonly seed: number;
  /** See `ClientOptions.settle`, in ms. */
  readonly settle: number;
  /** How many errands each client runs at a time. */
  readonly errands: number;
  /** The rest after each errand, in ms. */
  readonly rest: number;
  /** Where each process writes its journal; no journals without it. */
  readonly journals?: string;
}

/** Puts actors on the stage and takes them off it, and waits for what is to be seen. */
export class Director {
  readonly #servers = new Map<string, Actor>();
  readonly #clients = new Map<string, Actor>();
  /** How many processes have had each name. */
  readonly #incarnations = new Map<string, number>();
  #seed: number;

  constructor(
    readonly house: House,
    readonly scene: Scene,
    readonly tempo: Tempo,
    readonly setting: Setting,
  ) {
    this.#seed = setting.seed;
  }

  async startServer(name: string, release: ReleaseName): Promise<void> {
    this.scene.enters('server', name, release);
    this.#servers.set(name, await this.#enact({ role: 'server', name, release, ...this.#next(name) }));
  }

  async startClient(release: ReleaseName): Promise<void> {
    const name = clientOf(release);
    this.scene.enters('client', name, release);
    const { settle, errands, rest } = this.setting;
    this.#clients.set(name, await this.#enact({ role: 'client', name, release, settle, errands, rest, ...this.#next(name) }));
  }

  /** Stops a server and starts one of the same name and another release in its place, as a rolling upgrade does. */
  async replace(name: string, release: ReleaseName): Promise<void> {
    await this.#servers.get(name)?.stop();
    await this.startServer(name, release);
  }

  /** Waits until a client sends at a version and is in a state. */
  async pinned(release: ReleaseName, version: string, state: string): Promise<void> {
    const client = clientOf(release);
    const is = (): boolean => {
      const pin = this.scene.clients.get(client)?.pin;
      return pin?.version === version && pin.state === state;
    };
    await this.scene.until(is, `${client} to be ${state} at ${version}`);
  }

  /** Waits until so many servers hold a client's pin, by name. */
  async heldByAll(release: ReleaseName, servers: number): Promise<void> {
    const client = clientOf(release);
    const is = (): boolean => this.scene.clients.get(client)?.pin?.by.length === servers;
    await this.scene.until(is, `${client} to be held by ${servers} servers`);
  }

  /** Lets the load go on for a while. */
  async watch(): Promise<void> {
    await this.tempo.watch(this.scene);
  }

  /** Lets every errand end, and waits until nothing is left on any queue. */
  async quieten(): Promise<void> {
    await Promise.all([...this.#clients.values()].map((client) => client.quiet()));
    const end = performance.now() + REST;
    for (;;) {
      const left = (await this.look()).filter(({ kind }) => kind !== 'dead').reduce((sum, { messages }) => sum + messages, 0);
      if (left === 0) return;
      if (performance.now() > end) throw new Error(`${left} messages still wait ${REST / 1_000} s after the last was sent`);
      await pause(50);
    }
  }

  /** Looks at the queues, and shows the lanes. */
  async look() {
    const standing = await this.house.standing();
    const lanes = standing.filter(({ kind }) => kind === 'lane').map(({ of, messages }) => ({ version: of, waiting: messages }));
    this.scene.stands(lanes.sort((one, other) => compareVersions(one.version, other.version)));
    return standing;
  }

  /** Everybody leaves: servers first, which finish what they have in hand. */
  async dismiss(): Promise<void> {
    await Promise.all([...this.#servers.values()].map((server) => server.stop()));
    await Promise.all([...this.#clients.values()].map((client) => client.stop()));
  }

  #enact(part: Part): Promise<Actor> {
    return this.house.enact(part, (report) => this.scene.hear(report));
  }

  #next(name: string): { readonly process: string; readonly seed: number; readonly journal?: string } {
    const incarnation = (this.#incarnations.get(name) ?? 0) + 1;
    this.#incarnations.set(name, incarnation);
    const process = `${name}.${incarnation}`;
    const { journals } = this.setting;
    this.#seed += 10;
    return { process, seed: this.#seed, ...(journals === undefined ? {} : { journal: `${journals}/${process}.journal` }) };
  }
}
