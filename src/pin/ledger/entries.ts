import type { Version } from '../../versions/index.js';
import type { Departed, Floor, Hold, Member, Prepared } from './state.js';

/** The format of the entries that this build writes, and the newest that it reads. */
export const LEDGER_FORMAT = 1;

/** What every entry says. None of it decides anything but `id`. */
interface Said {
  /** Unique for ever. An entry that is written again under the same id counts once. */
  readonly id: string;
  /** Who wrote it: a person or a process. */
  readonly author: string;
  /** Why, in the author's words; empty where there is nothing to say. */
  readonly reason: string;
  /** When it was written, by the author's own clock. For people to read; nothing is decided by it. */
  readonly at?: string | undefined;
}

/** One connected life of a process. Each reconnection is a new one. */
export interface Life {
  /** The process, unique for ever: not its server name, which another process may bear later. */
  readonly instance: string;
  /** How many times that process has connected, from 1 up. */
  readonly incarnation: number;
}

/** The versions that a build reads, both ends included. */
export interface ReadWindow {
  readonly floor: Version;
  readonly version: Version;
  /** All of them, oldest first, where they are not simply every minor from the floor to the version. */
  readonly versions?: readonly Version[] | undefined;
}

/** A process asks to be a member; it consumes only once it has read this back and was not refused at its offset. */
export interface Joined extends Said, Life {
  readonly kind: 'joined';
  readonly role: 'server' | 'client';
  readonly window: ReadWindow;
  /** The exclusive queue that exists for exactly as long as this life is connected: the evidence that it is, or is not. */
  readonly queue: string;
}

/** This life of the process, and all before it, are over; it consumes nothing any more. */
export interface Left extends Said, Life {
  readonly kind: 'left';
}

/** Pins may rise until this version and no further; without one they may not rise at all. */
export interface HoldEntry extends Said {
  readonly kind: 'hold';
  readonly until?: Version | undefined;
}

/** A hold is over. */
export interface Release extends Said {
  readonly kind: 'release';
  /** The id of the hold. */
  readonly hold: string;
}

/** The first phase: everyone is asked to say that it reads the version. Its own offset is the epoch. */
export interface Prepare extends Said {
  readonly kind: 'prepare';
  readonly version: Version;
}

/** A member has read the `prepare` at that offset and reads its version. */
export interface Ack extends Said, Life {
  readonly kind: 'ack';
  readonly epoch: number;
}

/** What a census showed: how many the broker counts, and how many members have answered by name. */
export interface Counted {
  readonly counted: number;
  readonly answered: number;
}

/** The second phase. It counts only if nothing contradicts it at its own offset. Anyone may write it for any epoch. */
export interface Finalize extends Said {
  readonly kind: 'finalize';
  readonly epoch: number;
  /** The census before the acknowledgements were looked at, and the one after. */
  readonly census: { readonly before: Counted; readonly after: Counted };
}

/** The first phase is given up. What is final already stays so. */
export interface Abort extends Said {
  readonly kind: 'abort';
  readonly epoch: number;
}

/** Takes back the last finalization, which is named so that a late copy cannot take back another one. */
export interface Unfinalize extends Said {
  readonly kind: 'unfinalize';
  /** The epoch of the finalization. */
  readonly epoch: number;
}

/** That life of a process is over, and somebody else has seen it. */
export interface Expire extends Said, Life {
  readonly kind: 'expire';
  readonly evidence: {
    /** The broker said that the exclusive queue of that life does not exist; neither "in use" nor "its node is down" nor silence. */
    readonly seen: 'gone';
    /** How many times in a row. */
    readonly looks: number;
    /** Between the first and the last of them, by a monotonic timer, in ms; the observer did not reconnect in that time. */
    readonly over: number;
  };
}

/** Somebody has done something to the fleet that the log is to remember. It changes nothing in it. */
export interface Acted extends Said {
  readonly kind: 'acted';
  readonly what: 'drain' | 'forget' | 'prune' | 'rescue';
  /** What it was done to: a server, an instance, a queue, a version. */
  readonly target: string;
}

/** What the log up to an offset comes to, so that nobody has to read that part again. */
export interface Snapshot extends Said {
  readonly kind: 'snapshot';
  /** The last offset that is in it. It counts only if no entry came between that one and its own. */
  readonly upTo: number;
  readonly content: Content;
}

/** All that one log comes to. Lists are in a fixed order: the same log always gives the same text. */
export interface Content {
  /** In the order of their instances. */
  readonly members: readonly Member[];
  /** The lives that were over last, the latest at the end. */
  readonly departed: readonly Departed[];
  /** In the order in which they were written. */
  readonly holds: readonly Hold[];
  /** The first phase that is under way. */
  readonly prepared: Prepared | undefined;
  /** What was finalized and not taken back, the present floor at the end. */
  readonly floors: readonly Floor[];
  /** The ids of all holds, prepares and unfinalizes there were: no other entry could count when it is read again. */
  readonly ids: readonly string[];
  /** Every version that anyone has joined with, oldest first: each of them may have a lane, with messages on it. */
  readonly lanes: readonly Version[];
}

/** An entry of the ledger of one topic, as format 1 has it. */
export type Entry = Joined | Left | HoldEntry | Release | Prepare | Ack | Finalize | Abort | Unfinalize | Expire | Acted | Snapshot;

/** What is not from a ledger, or says of itself that it may be ignored. It is skipped by every build. */
export interface Foreign {
  readonly kind: 'foreign';
  readonly why: string;
}

/** An entry that a newer build wrote and that this one does not understand. */
export interface Newer {
  readonly kind: 'newer';
  readonly format: number;
  /** What it calls itself. */
  readonly called: string;
}
