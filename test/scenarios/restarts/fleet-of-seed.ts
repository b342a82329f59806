import { setTimeout as pause } from 'node:timers/promises';
import { now } from '../../harness/journal/index.js';
import { Proxy } from '../../harness/proxy/index.js';
import type { Fleet, MemberOptions } from '../fleet/fleet.js';
import type { PinSeen } from '../fleet/pins.js';
import { NEW, OLD, type Told } from './judge.js';
import type { Shape, Trouble } from './shape.js';

/** Seconds: what does not notice that its connection is gone must miss two of these. */
const HEARTBEAT = 3;
/** How long anything may take that must come, in ms. */
const PATIENCE = 45_000;
/** How long a release is waited for, in ms. */
const RELEASE = 20_000;

interface Placed {
  readonly name: string;
  readonly host: string;
  readonly trouble: Trouble;
  readonly proxy: Proxy;
}

/** The fleet of one seed on a broker: in a namespace of its own, each member behind a proxy of its own. */
export class FleetOfSeed {
  readonly #parts: Placed[] = [];
  readonly #late: Promise<unknown>[] = [];
  #leaving = 0;
  #gone = 0;

  /**
   * @param watchers further clients, in processes of these names, that nothing is done to.
   */
  constructor(
    readonly shape: Shape,
    private readonly fleet: Fleet,
    private readonly place: { readonly url: string; readonly journals: string },
    private readonly watchers: readonly string[] = [],
  ) {}

  /** Starts everyone, and waits until every client knows of all servers. */
  async begin(): Promise<void> {
    const { shape, watchers } = this;
    const start = (who: 'old' | 'young'): Promise<void[]> =>
      Promise.all(shape[who].map((trouble, at) => this.#join(`${who}-${at + 1}`, trouble.kind === 'frozen' ? 'frozen' : who, trouble)));
    await Promise.all([start('old'), start('young')]);
    await Promise.all([
      ...shape.clients.map((trouble, at) => this.#join(`client-${at + 1}`, 'clients', trouble)),
      ...watchers.map((host) => this.#join(host, host, { kind: 'none', delay: 0 })),
    ]);
    await this.#everyoneIsCounted();
    if (shape.goneBefore) await this.#end();
  }

  /** Just before the broker goes down. */
  trouble(): void {
    for (const { trouble, proxy } of this.#parts) {
      if (trouble.kind === 'unnoticed') proxy.halfOpen();
      else if (trouble.kind === 'late') proxy.refuse();
    }
  }

  /** The broker is up again: what is late comes late, and whoever is cut off again is. */
  recover(): void {
    for (const { trouble, proxy } of this.#parts) {
      const { kind, delay } = trouble;
      if (kind === 'late') this.#late.push(pause(delay).then(() => proxy.mend()));
      else if (kind === 'again') this.#late.push(pause(delay).then(() => proxy.cut()));
    }
  }

  /** Waits until all are back, has the old servers go, and waits until the pins are released. */
  async finish({ down, up }: { readonly down: number; readonly up: number }): Promise<Told> {
    await Promise.all(this.#late);
    if (!this.shape.goneBefore) {
      await this.#everyoneIsCounted();
      await this.#end();
    }
    // Who comes too late, or has come too early, is found in what it has seen.
    await Promise.allSettled(
      this.#clients().map(({ host, name }) => this.fleet.host(host).wait(this.#id(name), { version: NEW }, RELEASE)),
    );
    const pins = new Map<string, readonly PinSeen[]>();
    for (const { name, host } of this.#clients()) pins.set(name, await this.fleet.host(host).pins(this.#id(name)));
    return { shape: this.shape, down, up, leaving: this.#leaving, gone: this.#gone, pins };
  }

  /** Has everybody leave. */
  async close(): Promise<void> {
    await Promise.all(
      this.#parts.map(async ({ name, host, proxy }) => {
        proxy.mend();
        await this.fleet.host(host).leave(this.#id(name));
        await proxy.close();
      }),
    );
  }

  async #end(): Promise<void> {
    const old = this.#parts.filter(({ name }) => name.startsWith('old'));
    const last = old.at(-1);
    this.#leaving = now();
    for (const part of old) {
      if (part === last) this.#leaving = now();
      if (this.shape.end === 'vanish') part.proxy.refuse();
      else await this.fleet.host(part.host).leave(this.#id(part.name));
    }
    this.#gone = now();
    if (this.shape.end === 'leave') this.#parts.splice(0, this.#parts.length, ...this.#parts.filter((part) => !old.includes(part)));
    await Promise.all(this.shape.end === 'leave' ? old.map(({ proxy }) => proxy.close()) : []);
  }

  async #everyoneIsCounted(): Promise<void> {
    const readers = this.shape.old.length + this.shape.young.length;
    await Promise.all(
      this.#clients()
        .filter(({ host }) => !this.watchers.includes(host))
        .map(({ host, name }) => this.fleet.host(host).wait(this.#id(name), { version: OLD, readers, state: 'held' }, PATIENCE)),
    );
  }

  async #join(name: string, host: string, trouble: Trouble): Promise<void> {
    const { url, journals } = this.place;
    const target = new URL(url);
    const id = this.#id(name);
    const proxy = await Proxy.open({ host: target.hostname, port: Number(target.port), journal: `${journals}/${id}.wire` });
    target.port = String(proxy.port);
    this.#parts.push({ name, host, trouble, proxy });
    const role = name.startsWith('old') || name.startsWith('young') ? 'server' : 'client';
    const options: MemberOptions = {
      name: id,
      role,
      release: name.startsWith('old') ? 'A' : 'B',
      url: target.href,
      namespace: `seed-${this.shape.seed}`,
      heartbeat: HEARTBEAT,
      settle: this.shape.settle,
    };
    await this.fleet.host(host).join(options);
  }

  #clients(): readonly Placed[] {
    return this.#parts.filter(({ name }) => !name.startsWith('old') && !name.startsWith('young'));
  }

  #id(name: string): string {
    return `${name}.${this.shape.seed}`;
  }
}
