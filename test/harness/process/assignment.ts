import type { Role, Window } from '../journal/index.js';

/** The environment variable by which a process learns what it is. */
export const ASSIGNMENT = 'HARNESS_ASSIGNMENT';

/** What a process is told when it is started. */
export interface Assignment {
  /** The name and how many times it was started: `server-1.2`. */
  readonly process: string;
  readonly name: string;
  readonly role: Role;
  readonly release: string;
  /** What this release reads. Told by the run, so that a check does not depend on what the release believes. */
  readonly window: Window;
  /** The journal's file. */
  readonly journal: string;
  /** Where the broker is, for this process. */
  readonly url: string;
  /** Milliseconds that its wall clock is off from the start. */
  readonly clock: number;
  /** Whatever else its program understands. */
  readonly settings: Readonly<Record<string, unknown>>;
}

/** From the run to a process. */
export interface Command {
  readonly id: number;
  readonly command: string;
  readonly payload: unknown;
}

/** From a process to the run: the answer to a command. */
export type Answer = { readonly id: number; readonly result: unknown } | { readonly id: number; readonly error: string };
