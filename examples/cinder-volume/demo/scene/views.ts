import type { PinView, SentCounts } from '../actor/index.js';
import type { ReleaseName } from '../release/index.js';

/** A server as it is shown: the process that has the name now. */
export interface ServerView {
  readonly name: string;
  release: ReleaseName;
  floor: string;
  version: string;
  state: 'starting' | 'serving' | 'leaving' | 'gone';
  /** Handlers that ran, by the version of the request. */
  byVersion: Readonly<Record<string, number>>;
  /** Answers in an older version than its own. */
  backported: number;
}

/** A client as it is shown. */
export interface ClientView {
  readonly name: string;
  readonly release: ReleaseName;
  /** Its own newest version. */
  readonly version: string;
  pin: PinView | undefined;
  counts: SentCounts;
}

/** How much waits on a lane. */
export interface LaneView {
  readonly version: string;
  readonly waiting: number;
}

/** All clients and servers together. */
export interface Totals {
  readonly calls: number;
  readonly casts: number;
  readonly failed: number;
  /** Requests and answers that were written in an older version than their writer's own. */
  readonly backported: number;
  readonly refused: number;
  readonly early: number;
}

export const NOTHING_SENT: SentCounts = { calls: 0, casts: 0, early: 0, backported: 0, refused: 0, failed: 0 };
