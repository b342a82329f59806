import { performance } from 'node:perf_hooks';

/** Time as the pin needs it. Decisions use `now` and `after` alone, so that a wall clock that jumps changes nothing. */
export interface Clock {
  /** Milliseconds that only ever grow. */
  now(): number;
  /**
   * Runs something later; answers a function that takes it back. It does not keep the process alive, unless `hold` says so.
   */
  after(milliseconds: number, run: () => void, options?: { readonly hold?: boolean }): () => void;
  /** From 0 to 1, evenly: keeps many processes from looking at the same instant. */
  spread(): number;
  /** The wall clock as ISO text. For people to read; nothing is decided by it. */
  text(): string;
}

/** The machine's own clock. */
export const machineClock: Clock = Object.freeze({
  now: () => performance.now(),
  after(milliseconds: number, run: () => void, options: { readonly hold?: boolean } = {}) {
    const timer = setTimeout(run, milliseconds);
    if (options.hold !== true) timer.unref();
    return () => clearTimeout(timer);
  },
  spread: () => Math.random(),
  text: () => new Date().toISOString(),
});
