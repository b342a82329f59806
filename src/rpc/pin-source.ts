import type { Version } from '../versions/index.js';

/**
 * - `unknown`: no census yet; the client sends at its floor.
 * - `held`: some live server reads less than the client speaks.
 * - `settling`: every server reads more than the pin; the quiet time is running.
 * - `released`: the client speaks its own newest version.
 * - `capped`: a version set by hand.
 * - `split`: the live servers have no version in common; the pin is the highest that any of them reads.
 */
export type PinState = 'unknown' | 'held' | 'settling' | 'released' | 'capped' | 'split';

/** A live server that keeps the pin where it is. */
export interface Holder {
  /** The name that it serves under. */
  readonly server: string;
  /** The oldest version that it reads. */
  readonly floor: Version;
  /** The newest version that it reads. */
  readonly version: Version;
  /** Which build it says it is. */
  readonly build?: string;
}

/** The version that a client sends at now, and why. */
export interface Pin {
  /** What is sent now. */
  readonly version: Version;
  /** Why it is that version. */
  readonly state: PinState;
  /** Who holds it, as far as they have said their names. */
  readonly by: readonly Holder[];
  /** When it came to this version and state: ISO 8601, for people; nothing is decided by it. */
  readonly since: string;
  /** One sentence: the version, who holds it, what would release it. */
  readonly why: string;
  /** How many live servers read the pinned version, by the last census; undefined when that is not known. */
  readonly readers: number | undefined;
}

/** Where a client has its pin from. */
export interface PinSource {
  readonly current: Pin;
  /** Called on every change; answers a function that stops it. */
  watch(listener: (now: Pin, before: Pin) => void): () => void;
  /** Called whenever a server says that it is leaving, with its name; answers a function that stops it. A hint: it may be missed. */
  watchLeaving(listener: (server: string) => void): () => void;
  /** Takes a census now, unless one was taken within the last moment. */
  check(): Promise<Pin>;
  /** How many live servers read the version, by the last census; undefined when that is not known. */
  readersOf(version: Version): number | undefined;
  close(): Promise<void>;
}
