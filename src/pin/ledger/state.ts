import type { Version } from '../../versions/index.js';
import type { Content, Joined, Life, ReadWindow } from './entries.js';

/** A process that has joined and of which nobody has shown that it is gone; it may be down. */
export interface Member extends Life {
  readonly role: Joined['role'];
  readonly window: ReadWindow;
  /** The exclusive queue that exists while it is connected. */
  readonly queue: string;
  readonly author: string;
  /** Where it joined. */
  readonly offset: number;
  /** The last epoch that it has acknowledged in this life. */
  readonly acked?: number | undefined;
}

/** A life that is over. An entry of it that arrives late does not bring it back. */
export type Departed = Life;

/** An operator's hold that stands. */
export interface Hold {
  /** By which it is released. */
  readonly id: string;
  /** Who holds. */
  readonly author: string;
  /** Why, in the author's words. */
  readonly reason: string;
  /** Since when, by the author's clock. */
  readonly at?: string | undefined;
  /** Where it stands in the ledger. */
  readonly offset: number;
  /** How far pins may rise; unset: not at all. */
  readonly until?: Version | undefined;
  /** The newest version that every server read which was a member there; unset where none was. */
  readonly common?: Version | undefined;
}

/** A finalization whose first phase is under way. */
export interface Prepared {
  /** What is to be final. */
  readonly version: Version;
  /** Who has prepared it. */
  readonly author: string;
  /** Why, in the author's words. */
  readonly reason: string;
  /** When it was prepared, by the author's clock. */
  readonly at?: string | undefined;
  /** The offset of its `prepare`. */
  readonly epoch: number;
  /** The ids of the records that tried to make it final and did not count. */
  readonly tried: readonly string[];
}

/** A version that is final: nothing below it may join. */
export interface Floor {
  /** What is final. */
  readonly version: Version;
  /** Who prepared it; whoever wrote the last record only finished that. */
  readonly author: string;
  /** Why, in the author's words. */
  readonly reason: string;
  /** When it was prepared, by the author's clock. */
  readonly at?: string | undefined;
  /** The offset of its `prepare`, by which it is taken back. */
  readonly epoch: number;
  /** Where it became final. */
  readonly offset: number;
}

/** Why this build cannot tell what the log comes to. */
export type Unreadable =
  /** What was read first is not the log's beginning, nor a snapshot that stands for it. */
  | { readonly cause: 'beginning'; readonly offset: number }
  /** A newer build has written something that this one does not understand, and that must not be ignored. */
  | { readonly cause: 'newer'; readonly offset: number; readonly format: number; readonly called: string };

/** What became of the entry that was read last. */
export interface Outcome {
  /**
   * - `counted`: it has its effect.
   * - `duplicate`: it, or one that says the same, has counted before.
   * - `stale`: it is about something that is over.
   * - `refused`: something contradicts it.
   * - `foreign`: it is no entry of a ledger.
   * - `newer`: this build does not understand it.
   */
  readonly kind: 'counted' | 'duplicate' | 'stale' | 'refused' | 'foreign' | 'newer';
  /** For people; empty where there is nothing to say. */
  readonly why: string;
}

/** What one topic's log comes to as far as it was read. Frozen, plain JSON. */
export interface LedgerState extends Content {
  /** The offset of the last entry that is in it; -1 before the first. */
  readonly offset: number;
  /** Why it cannot be relied upon; undefined while it can. A snapshot by a build that understands more ends it. */
  readonly unreadable: Unreadable | undefined;
  readonly outcome: Outcome;
}

export const COUNTED: Outcome = Object.freeze({ kind: 'counted', why: '' });

const NONE = Object.freeze([]);

/** The state of a log of which nothing was read yet. */
export const EMPTY_LEDGER: LedgerState = Object.freeze({
  offset: -1,
  unreadable: undefined,
  outcome: COUNTED,
  members: NONE,
  departed: NONE,
  holds: NONE,
  prepared: undefined,
  floors: NONE,
  ids: NONE,
  lanes: NONE,
});

/** The part of a state that a snapshot carries, always with the same keys in the same order. */
export function contentOf({ members, departed, holds, prepared, floors, ids, lanes }: Content): Content {
  return { members, departed, holds, prepared, floors, ids, lanes };
}

/** Freezes plain data all the way down. */
export function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    // Without a copy of what may be long.
    for (const inner of Array.isArray(value) ? value : Object.values(value)) frozen(inner);
  }
  return value;
}
