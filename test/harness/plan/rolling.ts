import type { Action, Plan } from './action.js';
import { Random } from './random.js';

/** What may go wrong with a server while another one is being replaced. */
export type FaultKind = 'kill' | 'freeze' | 'cut' | 'stall' | 'half-open' | 'delay' | 'clock';

export interface RollingOptions {
  readonly servers: readonly string[];
  /** The releases to go through, one pass over all servers each: `['B', 'A', 'B']` is up, back and up again. */
  readonly passes: readonly string[];
  /** The release that every server runs when the plan begins. */
  readonly from: string;
  /** Faults to choose from. Default none. */
  readonly faults?: readonly FaultKind[];
  /** How likely a replacement has a fault beside it. Default 0.5. */
  readonly probability?: number;
  /** How many times the broker is restarted, each somewhere in a pass of its own. Default 0. */
  readonly brokerRestarts?: number;
  /** Whose pin is waited for after each pass, and the version at which each release leaves it. Default nobody's. */
  readonly pinned?: { readonly name: string; readonly at: Readonly<Record<string, string>> };
  /** How many messages come to their end between two actions, least and most. Default 20 to 60. */
  readonly rest?: readonly [least: number, most: number];
}

const DAY = 86_400_000;

/** Generates a rolling replacement of servers one by one, in an order and with faults that the seed decides. */
export function rollingPlan(seed: number, options: RollingOptions): Plan {
  const { servers, passes, faults = [], probability = 0.5, brokerRestarts = 0, rest = [20, 60], pinned } = options;
  const random = new Random(seed);
  const running = new Map(servers.map((server) => [server, options.from]));
  const restartIn = new Set(random.shuffle(passes.map((_, index) => index)).slice(0, brokerRestarts));
  const actions: Action[] = [];
  const pause = (): void => void actions.push({ do: 'rest', messages: random.between(...rest) });
  passes.forEach((release, pass) => {
    const order = random.shuffle(servers);
    const restartBefore = restartIn.has(pass) ? random.pick(order) : undefined;
    for (const server of order) {
      if (server === restartBefore) actions.push({ do: 'restart-broker' });
      const others = servers.filter((other) => other !== server);
      const fault =
        faults.length > 0 && others.length > 0 && random.chance(probability)
          ? faultOn(random.pick(others), random.pick(faults), random, running)
          : { begin: [], end: [] };
      actions.push(...fault.begin);
      actions.push({ do: 'stop', name: server }, { do: 'start', name: server, release });
      running.set(server, release);
      pause();
      actions.push(...fault.end);
      if (fault.end.length > 0) pause();
    }
    const version = pinned?.at[release];
    if (pinned !== undefined && version !== undefined) actions.push({ do: 'wait-for-pin', name: pinned.name, version });
  });
  return { seed, actions };
}

function faultOn(
  name: string,
  kind: FaultKind,
  random: Random,
  running: ReadonlyMap<string, string>,
): { readonly begin: Action[]; readonly end: Action[] } {
  switch (kind) {
    case 'kill':
      return { begin: [{ do: 'kill', name }], end: [{ do: 'start', name, release: running.get(name) ?? '' }] };
    case 'freeze':
      return { begin: [{ do: 'freeze', name }], end: [{ do: 'thaw', name }] };
    case 'cut':
      return { begin: [{ do: 'cut', name }], end: [] };
    case 'stall':
    case 'half-open':
      return { begin: [{ do: kind, name }], end: [{ do: 'mend', name }] };
    case 'delay':
      return { begin: [{ do: 'delay', name, by: random.between(5, 50) }], end: [{ do: 'mend', name }] };
    case 'clock':
      return { begin: [{ do: 'clock', name, by: random.chance(0.5) ? DAY : -DAY }], end: [{ do: 'clock', name, by: 0 }] };
  }
}
