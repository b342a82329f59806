import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Journal, parseLines, readJournals } from '../journal/index.js';
import { type Action, ACTIONS_FILE } from '../plan/index.js';
import { readWireJournals, type WireJournal } from '../proxy/index.js';

/** A message that stands on a queue at the end. */
export interface StandingMessage {
  readonly id?: string;
  readonly type?: string;
  readonly reference?: string;
  readonly headers: Readonly<Record<string, unknown>>;
}

/** A queue at the end of a run, as the broker shows it. */
export interface QueueState {
  readonly queue: string;
  readonly messages: readonly StandingMessage[];
}

/** Something that the run did to a process or to the broker, and when. */
export interface Performed {
  readonly at: number;
  readonly action: Action;
}

/** Everything that a run left behind, and all that a check may look at. */
export interface Evidence {
  /** What the processes wrote. */
  readonly journals: readonly Journal[];
  /** What passed between each process and the broker. */
  readonly wires: readonly WireJournal[];
  /** What was done to them. */
  readonly actions: readonly Performed[];
  /** What stands on the broker at the end. */
  readonly queues: readonly QueueState[];
}

/** What a check found. */
export interface Finding {
  /** The invariant, by its number in the design and a word. */
  readonly invariant: string;
  /** How many facts it judged: with none, it proves nothing. */
  readonly observed: number;
  /** One line for each fact that must not be. */
  readonly violations: readonly string[];
}

/** Reads what a run left in its folder. */
export function readEvidence(directory: string, queues: readonly QueueState[]): Evidence {
  return {
    journals: readJournals(directory),
    wires: readWireJournals(directory),
    actions: readActions(join(directory, ACTIONS_FILE)),
    queues,
  };
}

function readActions(path: string): Performed[] {
  return existsSync(path) ? parseLines<Performed>(readFileSync(path, 'utf8'), path) : [];
}
