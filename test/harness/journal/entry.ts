/** The oldest and the newest version that a build reads, both `MAJOR.MINOR`. */
export interface Window {
  readonly floor: string;
  readonly version: string;
}

/** What a process does in a run: it serves a topic, or it sends to one. */
export type Role = 'server' | 'client';

/** Who wrote a journal: one incarnation of one process. The first entry of its file. */
export interface Started {
  readonly kind: 'started';
  readonly at: number;
  /** Unique in a run: the name and how many times it was started (`server-1.2`). */
  readonly process: string;
  /** The name that survives a restart. */
  readonly name: string;
  readonly role: Role;
  readonly release: string;
  readonly window: Window;
  readonly pid: number;
}

/** A message as its sender means it, written before anything is sent. */
export interface Sent {
  readonly kind: 'sent';
  readonly at: number;
  /** Travels in the body of the message, so that it can be followed whatever the library does with its own ids. */
  readonly reference: string;
  readonly form: 'call' | 'cast' | 'fanout';
  readonly method: string;
  /** The server that it is addressed to, if one. */
  readonly to?: string;
  /** When the caller must have its outcome, on the clock of `at`. */
  readonly deadline?: number;
  /** The arguments as the sender wrote them. */
  readonly body: unknown;
}

/** A cast or fanout whose promise resolved. */
export interface Confirmed {
  readonly kind: 'confirmed';
  readonly at: number;
  readonly reference: string;
}

/** A call whose promise resolved. */
export interface Answered {
  readonly kind: 'answered';
  readonly at: number;
  readonly reference: string;
  readonly body: unknown;
}

/** A send whose promise was rejected. */
export interface Failed {
  readonly kind: 'failed';
  readonly at: number;
  readonly reference: string;
  /** The error's code; none when it was not a typed error. */
  readonly code?: string;
  readonly text: string;
}

/** A handler began. */
export interface Handling {
  readonly kind: 'handling';
  readonly at: number;
  readonly reference: string;
  readonly method: string;
  /** The version of the payload on the wire, as the handler is told. */
  readonly version: string;
  /** The arguments as the handler got them. */
  readonly body: unknown;
}

/** A handler ended. */
export interface Handled {
  readonly kind: 'handled';
  readonly at: number;
  readonly reference: string;
  readonly method: string;
  readonly outcome: 'returned' | 'threw';
}

/** A body with this reference was parsed in the process, by whomever. */
export interface Decoded {
  readonly kind: 'decoded';
  readonly at: number;
  readonly reference: string;
}

/** What the process sends at from now on. */
export interface Pinned {
  readonly kind: 'pin';
  readonly at: number;
  readonly version: string;
  readonly state: string;
}

/** A point in the life of the process. `ready`: it serves or may send. `stopping`: it was asked to leave. `stopped`: it has left. */
export interface Milestone {
  readonly kind: 'ready' | 'stopping' | 'stopped';
  readonly at: number;
}

/** The wall clock of the process was moved, by so many milliseconds in all. */
export interface ClockMoved {
  readonly kind: 'clock';
  readonly at: number;
  readonly shift: number;
}

/** A line of a process's journal. `at` is monotonic, in milliseconds, and one clock for all processes of a machine. */
export type Entry = Started | Sent | Confirmed | Answered | Failed | Handling | Handled | Decoded | Pinned | Milestone | ClockMoved;

/** The journal of one incarnation of one process. */
export interface Journal {
  readonly process: string;
  readonly name: string;
  readonly role: Role;
  readonly release: string;
  readonly window: Window;
  /** In the order written. */
  readonly entries: readonly Entry[];
}
