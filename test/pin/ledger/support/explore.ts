/** A step that a system can take: what it is called, and where it leads. */
export interface Step<World> {
  readonly label: string;
  readonly world: World;
}

/** A system to explore. Worlds are told apart by their keys. */
export interface System<World> {
  readonly first: World;
  key(world: World): string;
  steps(world: World): readonly Step<World>[];
  /** What is wrong with the world, if anything; `last` when no step leads out of it. */
  wrong(world: World, last: boolean): string | undefined;
}

/** What an exploration came to: all states were seen, or the shortest way to one that must not be. */
export interface Explored {
  readonly states: number;
  readonly steps: number;
  readonly ends: number;
  readonly broken?: { readonly what: string; readonly trace: readonly string[] };
}

interface Found<World> {
  readonly world: World;
  readonly from: Found<World> | undefined;
  readonly label: string;
}

/** Visits every reachable state, breadth first, so that the first fault found has the shortest trace. */
export function explore<World>(system: System<World>): Explored {
  const queue: Found<World>[] = [{ world: system.first, from: undefined, label: '' }];
  const seen = new Set([system.key(system.first)]);
  let steps = 0;
  let ends = 0;
  for (const found of queue) {
    const next = system.steps(found.world);
    if (next.length === 0) ends += 1;
    steps += next.length;
    const what = system.wrong(found.world, next.length === 0);
    if (what !== undefined) return { states: seen.size, steps, ends, broken: { what, trace: traceOf(found) } };
    for (const { label, world } of next) {
      const key = system.key(world);
      if (seen.has(key)) continue;
      seen.add(key);
      queue.push({ world, from: found, label });
    }
  }
  return { states: seen.size, steps, ends };
}

function traceOf<World>(found: Found<World>): readonly string[] {
  const trace: string[] = [];
  for (let at: Found<World> | undefined = found; at?.from !== undefined; at = at.from) trace.unshift(at.label);
  return trace;
}

/** A trace that can be read: one numbered step a line. */
export function traceText({ states, broken }: Explored): string {
  if (broken === undefined) return `nothing wrong in ${states} states`;
  return [`${broken.what}, after ${broken.trace.length} steps:`, ...broken.trace.map((label, at) => `  ${at + 1}. ${label}`)].join('\n');
}
