import type { Scene } from '../scene/index.js';

/** What a play spends, from one watch to the next, on replacing a server and waiting for pins, in seconds. */
const BETWEEN = 0.5;
/** The shortest watch, in seconds. */
const SHORTEST = 0.15;

/** Spreads a play's length, in seconds and in calls, over the times in which the load is just watched. */
export class Tempo {
  #watched = 0;

  /** @param watches how often `watch` will be called. */
  constructor(
    private readonly watches: number,
    private readonly seconds: number,
    private readonly calls: number,
  ) {}

  /** Resolves when this watch's share of what is left of the time has gone by, and the calls up to it have been answered. */
  async watch(scene: Scene): Promise<void> {
    const watchesLeft = this.watches - this.#watched++;
    const share = (this.seconds - scene.seconds - BETWEEN * (watchesLeft - 1)) / watchesLeft;
    const end = performance.now() + Math.max(SHORTEST, share) * 1_000;
    const due = Math.ceil((this.calls * this.#watched) / this.watches);
    await scene.until(() => performance.now() >= end && scene.totals.calls >= due, `${due} calls to be answered`, 120_000);
  }
}
