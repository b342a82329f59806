import { Random } from '../../harness/plan/index.js';

/**
 * What happens to a member while the broker restarts.
 * - `none`: it reconnects as fast as it can.
 * - `late`: its way to the broker stays broken for `delay` ms more.
 * - `unnoticed`: its connection breaks without a word, so it must miss its heartbeats first.
 * - `again`: it is cut off once more, `delay` ms after the broker is up.
 * - `frozen`: its process stands still from before the restart until `delay` ms after it.
 */
export interface Trouble {
  readonly kind: 'none' | 'late' | 'unnoticed' | 'again' | 'frozen';
  readonly delay: number;
}

/** One fleet and what it goes through over one restart of the broker. A seed says all of it. */
export interface Shape {
  readonly seed: number;
  /** The quiet time, in ms. */
  readonly settle: number;
  readonly old: readonly Trouble[];
  readonly young: readonly Trouble[];
  readonly clients: readonly Trouble[];
  /** Whether the old servers are gone before the broker goes down: then only the quiet time is at stake. */
  readonly goneBefore: boolean;
  /** How the old servers go: in good order, or their connections break for good. */
  readonly end: 'leave' | 'vanish';
}

/** How long the process that may be frozen stands still after the broker is up, in ms. */
export const FROZEN = 5_000;

export function shapeOf(seed: number): Shape {
  const random = new Random(seed);
  const trouble = (...kinds: readonly Trouble['kind'][]): Trouble => {
    const kind = random.pick(kinds);
    return { kind, delay: kind === 'frozen' ? FROZEN : random.between(100, 2_000) };
  };
  const many = <Item>(most: number, make: () => Item): Item[] => Array.from({ length: random.between(1, most) }, make);
  return {
    seed,
    // The default for one round in five: it takes its time.
    settle: Math.floor(seed / 10) % 5 === 0 ? 10_000 : random.pick([1_000, 2_000, 3_000]),
    old: many(2, () => trouble('none', 'late', 'unnoticed', 'frozen', 'again')),
    young: many(3, () => trouble('none', 'none', 'late', 'again')),
    clients: many(2, () => trouble('none', 'late', 'again')),
    goneBefore: random.chance(0.2),
    end: random.pick(['leave', 'vanish']),
  };
}

/** A shape in one line, for whoever wants to know what failed. */
export function describeShape({ seed, settle, goneBefore, end, ...members }: Shape): string {
  const troubles = (['old', 'young', 'clients'] as const).map(
    (who) => `${who} ${members[who].map(({ kind, delay }) => (kind === 'none' ? kind : `${kind} ${delay} ms`)).join(', ')}`,
  );
  return `seed ${seed}: settle ${settle} ms; ${troubles.join('; ')}; the old ${end}${goneBefore ? ' before the restart' : ''}`;
}
