import type { Floor, LedgerState, TopicLedger } from '../../pin/index.js';

/** What a finalization came to. */
export type Decision =
  | { readonly kind: 'final'; readonly floor: Floor }
  /** It was given up; undefined where this process has not seen by whom. */
  | { readonly kind: 'over'; readonly by?: { readonly kind: string; readonly author: string; readonly reason: string } | undefined };

type Watched = Parameters<Parameters<TopicLedger['watch']>[0]>[1];

/** One finalization under way, from its `prepare` to what it comes to, as the ledger tells it. */
export class Epoch {
  readonly epoch: number;
  readonly #stop: () => void;
  #decision: Decision | undefined;
  #waiting: (() => void)[] = [];

  /** @param epoch the offset of its `prepare`, which this process has read. */
  constructor(ledger: TopicLedger, epoch: number) {
    this.epoch = epoch;
    this.#stop = ledger.watch((state, entry) => this.#see(state, entry));
    this.#see(ledger.state, undefined);
  }

  /** What it has come to; undefined while it is under way. What is taken back later was final all the same. */
  get decision(): Decision | undefined {
    return this.#decision;
  }

  /** Resolves when something new is in the ledger, after so many ms, or when the signal fires. */
  async change(milliseconds: number, signal: AbortSignal): Promise<void> {
    if (this.#decision !== undefined || signal.aborted) return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, milliseconds);
      signal.addEventListener('abort', done, { once: true });
      this.#waiting.push(done);
    });
  }

  close(): void {
    this.#stop();
    this.#wake();
  }

  #see(state: LedgerState, entry: Watched | undefined): void {
    this.#decision ??= this.#decide(state, entry);
    this.#wake();
  }

  #decide(state: LedgerState, entry: Watched | undefined): Decision | undefined {
    const floor = state.floors.find(({ epoch }) => epoch === this.epoch);
    if (floor !== undefined) return { kind: 'final', floor };
    if (state.prepared?.epoch === this.epoch) return undefined;
    if (entry === undefined || entry.kind === 'foreign' || entry.kind === 'newer') return { kind: 'over' };
    return { kind: 'over', by: { kind: entry.kind, author: entry.author, reason: entry.reason } };
  }

  #wake(): void {
    for (const resume of this.#waiting.splice(0)) resume();
  }
}
