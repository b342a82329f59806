import type { Version } from '../versions/index.js';

/**
 * - `unknown`: no census yet; the client sends at its floor.
 * - `held`: some live server reads less than the client speaks.
 * - `settling`: every server reads more than the pin; the quiet time is running.
 * - `released`: the client speaks its own newest version.
 * - `capped`: an operator's hold, or a version set by hand.
 * - `finalized`: the client speaks its own newest version, and that is final: nothing older may join any more.
 * - `split`: the live servers have no version in common; the pin is the highest that any of them reads.
 */
export type PinState = 'unknown' | 'held' | 'settling' | 'released' | 'capped' | 'finalized' | 'split';

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

/** What an operator, or a ledger that cannot be read, keeps pins from rising by. */
export interface PinHold {
  /** What `release` names it by; `unreadable` for one that no operator has made and none can release. */
  readonly id: string;
  /** Who holds. */
  readonly author: string;
  /** Why, in the author's words. */
  readonly reason: string;
  /** Since when, by the author's clock, ISO 8601: for people. Undefined where the author has not said. */
  readonly since: string | undefined;
  /** How far pins may rise; undefined where it is no further than they were. */
  readonly until?: Version | undefined;
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
  /** The holds that stand on the topic, whether or not they keep this pin lower. */
  readonly holds: readonly PinHold[];
  /** What it would be but for the holds; undefined while they are not what keeps it. */
  readonly heldBack?: Version | undefined;
  /** What is final: it is never lower, and nothing older may join. Undefined while nothing is. */
  readonly final?: Version | undefined;
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
