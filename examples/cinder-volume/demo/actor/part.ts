import type { ReleaseName } from '../release/index.js';

/** What a server is told when it is started. Plain data: it may be started as a process of its own. */
export interface ServerPart {
  readonly role: 'server';
  readonly name: string;
  readonly release: ReleaseName;
  /** Unique: the name and how many have had it. */
  readonly process: string;
  readonly seed: number;
  /** Where to write the journal; none by default. */
  readonly journal?: string;
}

/** What a client is told when it is started. */
export interface ClientPart extends Omit<ServerPart, 'role'> {
  readonly role: 'client';
  /** See `ClientOptions.settle`, in ms. */
  readonly settle: number;
  /** How many errands are run at a time. */
  readonly errands: number;
  /** The rest after each errand, in ms. */
  readonly rest: number;
}

export type Part = ServerPart | ClientPart;

/** What a server has done so far. */
export interface HandledCounts {
  /** Handlers that ran, by the version of the request. */
  readonly byVersion: Readonly<Record<string, number>>;
  /** Answers that were written in an older version than its own, because the caller reads no other. */
  readonly backported: number;
}

/** What a client has done so far. */
export interface SentCounts {
  /** Calls that were answered. */
  readonly calls: number;
  /** Casts and fanouts that the broker took. */
  readonly casts: number;
  /** Calls of `early` methods that were answered, at a version above the pin. */
  readonly early: number;
  /** Messages that were written in an older version than the client's own. */
  readonly backported: number;
  /** Messages that were refused as PINNED. */
  readonly refused: number;
  readonly failed: number;
}

/** A pin as it is shown. */
export interface PinView {
  readonly version: string;
  readonly state: string;
  /** The servers that hold it. */
  readonly by: readonly string[];
  readonly why: string;
}

/** What actors tell of themselves. */
export type Report =
  | { readonly kind: 'server'; readonly name: string; readonly state: 'serving' | 'leaving' | 'gone' }
  | { readonly kind: 'handled'; readonly name: string; readonly counts: HandledCounts }
  | { readonly kind: 'sent'; readonly name: string; readonly counts: SentCounts }
  | { readonly kind: 'pin'; readonly name: string; readonly pin: PinView }
  | { readonly kind: 'problem'; readonly name: string; readonly text: string };

export type Tell = (report: Report) => void;

/** A server or a client that runs. */
export interface Actor {
  /** A client: begins no new errand, and resolves when those under way are over. A server has nothing to do for it. */
  quiet(): Promise<void>;
  /** Leaves properly. */
  stop(): Promise<void>;
}
