import type { PinView, Report, HandledCounts, SentCounts } from '../actor/index.js';
import { RELEASES, type ReleaseName } from '../release/index.js';
import type { Happening } from './event.js';
import { NOTHING_SENT, type ClientView, type LaneView, type ServerView, type Totals } from './views.js';

/** How many problems are kept word by word; all are counted. */
const PROBLEMS = 20;

/** What is on the stage now, put together from what the actors tell. */
export class Scene {
  readonly servers = new Map<string, ServerView>();
  readonly clients = new Map<string, ClientView>();
  readonly problems: string[] = [];
  lanes: readonly LaneView[] = [];
  act = { number: 0, of: 0, title: '' };
  narration: string[] = [];
  readonly #paths = new Map<string, string[]>();
  /** Answers that servers backported which have left. */
  #formerlyBackported = 0;
  readonly #begun = performance.now();
  readonly #waiting = new Set<() => void>();

  constructor(private readonly onHappening: (happening: Happening) => void) {}

  /** Seconds since the play began. */
  get seconds(): number {
    return (performance.now() - this.#begun) / 1_000;
  }

  get totals(): Totals {
    const sum = (count: (counts: SentCounts) => number): number =>
      [...this.clients.values()].reduce((total, { counts }) => total + count(counts), 0);
    const answers = [...this.servers.values()].reduce((total, { backported }) => total + backported, this.#formerlyBackported);
    return {
      calls: sum(({ calls }) => calls),
      casts: sum(({ casts }) => casts),
      failed: sum(({ failed }) => failed),
      backported: sum(({ backported }) => backported) + answers,
      refused: sum(({ refused }) => refused),
      early: sum(({ early }) => early),
    };
  }

  /** The versions that a client has sent at, in order: `3.10 > 3.20 > 3.10`. */
  path(client: string): string {
    return (this.#paths.get(client) ?? []).join(' > ');
  }

  enters(role: 'server' | 'client', name: string, release: ReleaseName): void {
    const { floor, version } = RELEASES[release];
    if (role === 'client') {
      this.clients.set(name, { name, release, version, pin: undefined, counts: NOTHING_SENT });
      return;
    }
    this.#formerlyBackported += this.servers.get(name)?.backported ?? 0;
    this.servers.set(name, { name, release, floor, version, state: 'starting', byVersion: {}, backported: 0 });
    this.#tellServer(name);
  }

  begins(number: number, of: number, title: string): void {
    this.act = { number, of, title };
    this.onHappening({ event: 'act', act: number, of, title });
    this.#changed();
  }

  narrate(text: string): void {
    this.narration.push(text);
    this.onHappening({ event: 'narration', text });
    this.#changed();
  }

  hear(report: Report): void {
    switch (report.kind) {
      case 'server':
        this.#serverIs(report.name, report.state);
        break;
      case 'handled':
        this.#handled(report.name, report.counts);
        break;
      case 'sent':
        this.#client(report.name).counts = report.counts;
        break;
      case 'pin':
        this.#pinned(report.name, report.pin);
        break;
      case 'problem':
        if (this.problems.push(`${report.name}: ${report.text}`) <= PROBLEMS)
          this.onHappening({ event: 'problem', name: report.name, text: report.text });
        break;
    }
    this.#changed();
  }

  stands(lanes: readonly LaneView[]): void {
    this.lanes = lanes;
    this.#changed();
  }

  tellTotals(): void {
    this.onHappening({ event: 'totals', ...this.totals, lanes: this.lanes.filter(({ waiting }) => waiting > 0) });
  }

  /** Resolves once it holds. @throws Error when it does not for `patience` ms. */
  async until(holds: () => boolean, what: string, patience = 60_000): Promise<void> {
    const end = performance.now() + patience;
    while (!holds()) {
      const left = end - performance.now();
      if (left <= 0) throw new Error(`waited ${patience / 1_000} s in vain for ${what}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#waiting.add(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  }

  #changed(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const resume of waiting) resume();
  }

  #client(name: string): ClientView {
    return this.clients.get(name) as ClientView;
  }

  #serverIs(name: string, state: ServerView['state']): void {
    const server = this.servers.get(name);
    if (server === undefined || server.state === state) return;
    server.state = state;
    this.#tellServer(name);
  }

  #tellServer(name: string): void {
    const { release, floor, version, state } = this.servers.get(name) as ServerView;
    this.onHappening({ event: 'server', server: name, release, reads: [floor, version], state });
  }

  #handled(name: string, { byVersion, backported }: HandledCounts): void {
    const server = this.servers.get(name);
    if (server === undefined) return;
    server.byVersion = byVersion;
    server.backported = backported;
  }

  #pinned(name: string, pin: PinView): void {
    const client = this.#client(name);
    const before = client.pin;
    client.pin = pin;
    const path = this.#paths.get(name) ?? [];
    if (path.at(-1) !== pin.version) path.push(pin.version);
    this.#paths.set(name, path);
    const same = before?.version === pin.version && before.state === pin.state && before.by.join() === pin.by.join();
    if (!same) this.onHappening({ event: 'pin', client: name, version: pin.version, state: pin.state, by: pin.by, why: pin.why });
  }
}
