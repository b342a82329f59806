const BARS = '▁▂▃▄▅▆▇█';

/** One moment of the load. */
export interface Moment {
  /** Messages a second. */
  readonly rate: number;
  /** Whether the new client spoke its newest version then. */
  readonly released: boolean;
}

/** Samples the load, so that it can be drawn as a line over time. */
export class Load {
  readonly moments: Moment[] = [];
  /** The play is over: from now on the rate is that of the whole. */
  over = false;
  #messages = 0;
  #at = performance.now();

  /** @param messages how many there have been so far. */
  sample(messages: number, released: boolean): void {
    const now = performance.now();
    this.moments.push({ rate: ((messages - this.#messages) * 1_000) / Math.max(1, now - this.#at), released });
    this.#messages = messages;
    this.#at = now;
  }

  /** The mean of the last second or so; in the end, of all. */
  get rate(): number {
    const last = this.over ? this.moments : this.moments.slice(-4);
    return last.reduce((sum, { rate }) => sum + rate, 0) / Math.max(1, last.length);
  }
}

/** Takes the edge off: each moment's rate becomes the mean of it and its neighbours. */
export function smooth(moments: readonly Moment[]): Moment[] {
  return moments.map(({ released }, at) => {
    const near = moments.slice(Math.max(0, at - 1), at + 2);
    return { rate: near.reduce((sum, { rate }) => sum + rate, 0) / near.length, released };
  });
}

/** Squeezes moments into so many columns. */
export function squeeze(moments: readonly Moment[], columns: number): Moment[] {
  const each = Math.max(1, Math.ceil(moments.length / columns));
  return Array.from({ length: Math.ceil(moments.length / each) }, (_, at) => {
    const part = moments.slice(at * each, (at + 1) * each);
    return { rate: part.reduce((sum, { rate }) => sum + rate, 0) / part.length, released: part.at(-1)?.released ?? false };
  });
}

/** The bar of a rate, beside the highest. */
export function bar(rate: number, highest: number): string {
  const step = Math.round((rate / Math.max(1, highest)) * (BARS.length - 1));
  return BARS[Math.max(0, Math.min(BARS.length - 1, step))] ?? ' ';
}
