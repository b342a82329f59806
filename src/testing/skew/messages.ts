import type { Json } from '../../objects/index.js';
import type { Version } from '../../versions/index.js';

/** What a worker is told first: the package that it stands for. */
export interface Assignment {
  /** The package's folder. */
  readonly folder: string;
  /** The module of the contract, inside it. */
  readonly contract: string;
  readonly export: string | undefined;
  /** The module of the handlers, inside it. */
  readonly service: string | undefined;
  readonly broker: string;
  readonly requests: Readonly<Record<string, readonly Json[]>>;
  readonly callTimeout: number;
}

/** What a worker says of its package. */
export interface Described {
  /** `volume@1.4.2`. */
  readonly package: string;
  /** The version of the Lynchpin that the package brings. */
  readonly lynchpin: string;
  readonly topic: string;
  /** Every version that it speaks, oldest first. */
  readonly versions: readonly Version[];
  readonly methods: readonly { readonly property: string; readonly casts: boolean }[];
}

/** One request to send: a method, which of its samples, and a mark by which it is found again. */
export interface Item {
  readonly mark: string;
  readonly method: string;
  readonly sample: number;
}

/** What became of one request, as the sender saw it. Data is plain JSON. */
export interface Sent extends Item {
  /** The version of the message: the pin, or for a method that may be sent early its own. */
  readonly version: Version;
  /** What the sender's contract says must happen: it is sent, or refused before with this code. */
  readonly predicted: 'sent' | 'PINNED' | 'UNKNOWN_METHOD';
  /** What happened: `handled`, `queued` (a cast that the broker took), or the code or name of the error. */
  readonly observed: string;
  /** The error's text. */
  readonly reason?: string;
  /** The request in the version of the message. */
  readonly written?: Json;
  /** The request in the version that it is moved to. */
  readonly moved?: Json;
  /** What writing it lost without a declaration that says so: the path. */
  readonly lost?: string;
  /** What the caller got, in each version that an answer may have. */
  readonly results?: Readonly<Record<Version, Json>>;
}

/** What a handler got and answered. Data is plain JSON. */
export interface Handled {
  readonly mark: string;
  readonly server: string;
  readonly method: string;
  /** The version of the message. */
  readonly version: Version;
  /** What the handler got, in the version of the message. */
  readonly request?: Json | undefined;
  /** The version of the answer. */
  readonly answered: Version;
  /** What the handler answered, in that version. */
  readonly answer?: Json | undefined;
  /** What writing the answer lost without a declaration that says so: the path. */
  readonly lost?: string | undefined;
  /** The name of the error that the handler threw. */
  readonly threw?: string;
  /** Why what it got cannot be written in the version of the message. */
  readonly unwritable?: string;
}

/** What a worker can be asked for. Everything belongs to a namespace, which stands for one cell. */
export interface Requests {
  load: { readonly ask: Assignment; readonly answer: Described };
  /** Serves. `reads` is the newest version that the client of the cell speaks: answers are written up to that. */
  serve: { readonly ask: { readonly namespace: string; readonly server: string; readonly reads: Version }; readonly answer: null };
  /** Stops serving, and is gone from the roll. */
  leave: { readonly ask: { readonly namespace: string; readonly server: string }; readonly answer: null };
  /** What the servers of a namespace have handled since this was last asked. */
  handled: { readonly ask: { readonly namespace: string }; readonly answer: readonly Handled[] };
  /** Opens the client of a cell. `pin` is its cap; `fixed` is the version that it sends at, whatever the servers read. */
  open: {
    readonly ask: { readonly namespace: string; readonly pin?: Version | undefined; readonly fixed?: Version | undefined };
    readonly answer: { readonly version: Version } | { readonly refused: string };
  };
  /** What the client can send at its pin, and with `to`, what of it that version can hold too. */
  items: {
    readonly ask: { readonly namespace: string; readonly casts: boolean; readonly to?: Version | undefined };
    readonly answer: readonly Omit<Item, 'mark'>[];
  };
  send: {
    readonly ask: {
      readonly namespace: string;
      readonly items: readonly Item[];
      readonly kind: 'call' | 'cast';
      /** The versions that an answer may have. */
      readonly answers: readonly Version[];
      /** The version that a request is moved to when nobody reads its own any more. */
      readonly to?: Version | undefined;
    };
    readonly answer: readonly Sent[];
  };
  /** The methods of which no sample fits. */
  unsampled: { readonly ask: object; readonly answer: readonly string[] };
  /** Closes everything of a namespace. */
  shut: { readonly ask: { readonly namespace: string }; readonly answer: null };
}

export type RequestName = keyof Requests;

/** From the run to a worker. */
export interface Question {
  readonly id: number;
  readonly name: RequestName;
  readonly ask: unknown;
}

/** From a worker to the run. */
export type Reply =
  | { readonly id: number; readonly answer: unknown }
  | { readonly id: number; readonly code: string | undefined; readonly error: string };
