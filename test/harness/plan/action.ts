/** Something that a run does to its processes or to the broker. */
export type Action =
  /** Starts a release under a name; waits until it is ready. */
  | { readonly do: 'start'; readonly name: string; readonly release: string }
  /** `stop`: SIGTERM, and waits until it has left. `kill`: SIGKILL. `freeze` and `thaw`: SIGSTOP and SIGCONT. */
  | { readonly do: 'stop' | 'kill' | 'freeze' | 'thaw'; readonly name: string }
  /** Faults of its connection to the broker; `mend` ends them. */
  | { readonly do: 'cut' | 'refuse' | 'stall' | 'half-open' | 'mend'; readonly name: string }
  /** Every byte takes so many milliseconds longer. */
  | { readonly do: 'delay'; readonly name: string; readonly by: number }
  /** Its wall clock is off by so many milliseconds from now on. */
  | { readonly do: 'clock'; readonly name: string; readonly by: number }
  | { readonly do: 'restart-broker' }
  /** Waits until its pin is at the version. */
  | { readonly do: 'wait-for-pin'; readonly name: string; readonly version: string }
  /** Lets so many messages more come to their end. */
  | { readonly do: 'rest'; readonly messages: number };

/** A sequence of actions. */
export interface Plan {
  /** What it was generated from; the same seed gives the same plan. */
  readonly seed: number;
  readonly actions: readonly Action[];
}

/** One line for each action, in a form that can be pasted into a test. */
export function printPlan({ seed, actions }: Plan): string {
  return [`plan of seed ${seed}:`, ...actions.map((action) => `  ${JSON.stringify(action)},`)].join('\n');
}

/** The file in which a run writes the actions that it takes. */
export const ACTIONS_FILE = 'run.actions';
