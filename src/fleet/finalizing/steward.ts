import { randomUUID } from 'node:crypto';
import { machineClock, Scribe, type Clock, type LedgerState, type Prepared, type TopicLedger } from '../../pin/index.js';
import { whichever } from '../../rpc/index.js';
import type { FleetParts } from '../parts.js';
import { Absences } from './absences.js';
import { drive } from './drive.js';
import { Epoch } from './epoch.js';

/** How long a steward leaves things alone, and how long it tries, in ms. */
export interface Patience {
  /** How long a finalization must stand before it is driven on: from `least` to twice that, drawn anew each time. */
  readonly least: number;
  /** How long it is driven on before it is given up: longer than its own finalizer may take. */
  readonly limit: number;
}

const PATIENCE: Patience = { least: 5_000, limit: 300_000 };
/** How long giving up may wait for the ledger, in ms. */
const GIVING_UP = 10_000;

/**
 * Minds a topic's ledger for as long as the topic is served: writes a snapshot now and then, and sees to it that no finalization stays half
 * done. One that stands for longer than a while is driven on by live servers as its own finalizer would: to the end, or until it is given
 * up. Nobody finds out whether that one still lives, because several may drive one finalization at once. Each server draws its
 * own while, so mostly one alone acts.
 */
export class Steward {
  readonly #parts: FleetParts;
  readonly #ledger: TopicLedger;
  readonly #patience: Patience;
  readonly #clock: Clock;
  readonly #stop: () => void;
  readonly #closing = new AbortController();
  readonly #scribe: Scribe;
  #epoch: number | undefined;
  #cancel: (() => void) | undefined;
  #driving: Promise<void> = Promise.resolve();

  constructor(parts: FleetParts, ledger: TopicLedger, patience = PATIENCE) {
    this.#parts = parts;
    this.#ledger = ledger;
    this.#patience = patience;
    this.#clock = parts.clock ?? machineClock;
    this.#stop = ledger.watch((state) => this.#see(state));
    this.#see(ledger.state);
    this.#scribe = new Scribe(ledger, this.#clock, parts.author, { before: (state) => othersBefore(parts, ledger.topic, state) });
  }

  async close(): Promise<void> {
    this.#stop();
    this.#cancel?.();
    this.#closing.abort();
    await Promise.all([this.#driving, this.#scribe.close()]);
  }

  #see({ prepared }: LedgerState): void {
    if (prepared?.epoch === this.#epoch) return;
    this.#epoch = prepared?.epoch;
    this.#cancel?.();
    if (prepared !== undefined) this.#watch(prepared);
  }

  #watch(prepared: Prepared): void {
    const { least } = this.#patience;
    this.#cancel = this.#clock.after(least * (1 + this.#clock.spread()), () => {
      this.#driving = this.#driving
        .then(() => this.#drive(prepared))
        .catch((error: unknown) => {
          // Whoever may do more than this server sees to it; without anybody it stands until an operator gives it up.
          if (!this.#closing.signal.aborted) process.emitWarning(error as Error);
        });
    });
  }

  async #drive({ epoch: at, version }: Prepared): Promise<void> {
    const { signal: closing } = this.#closing;
    if (this.#ledger.state.prepared?.epoch !== at || closing.aborted) return;
    const epoch = new Epoch(this.#ledger, at);
    const absences = new Absences(this.#parts.broker, this.#clock);
    const { author } = this.#parts;
    const course = { parts: this.#parts, ledger: this.#ledger, epoch, absences, clock: this.#clock, author, onProgress: () => undefined };
    const enough = whichever(closing, AbortSignal.timeout(this.#patience.limit));
    try {
      const driven = await drive(course, enough.signal);
      if (driven.kind === 'final' || driven.kind === 'over' || closing.aborted) return;
      const reason = `${version} could not be made final: ${driven.points.map(({ text }) => text).join('; ')}`.slice(0, 1_000);
      const entry = { kind: 'abort', id: randomUUID(), author, reason, at: this.#clock.text(), epoch: at } as const;
      const late = whichever(closing, AbortSignal.timeout(GIVING_UP));
      await this.#ledger.append(entry, late.signal).finally(late.release);
    } finally {
      enough.release();
      absences.close();
      epoch.close();
    }
  }
}

/** How many servers come before the first place of this process, in the order in which everyone has them. */
function othersBefore({ own }: FleetParts, topic: string, { members }: LedgerState): number {
  const mine = new Set(own?.of(topic).map(({ instance }) => instance));
  const servers = members.filter(({ role }) => role === 'server');
  const first = servers.findIndex(({ instance }) => mine.has(instance));
  return first < 0 ? servers.length : first;
}
