/** How a message is sent. */
export type Form = 'call' | 'cast' | 'fanout';

/** Who writes a journal, and what its build reads. The first entry. */
export interface Started {
  readonly kind: 'started';
  /** Unique: the name and how many processes have had it. */
  readonly process: string;
  readonly name: string;
  readonly role: 'server' | 'client';
  readonly release: string;
  readonly floor: string;
  readonly newest: string;
  readonly pid: number;
}

/** A client is about to send. `id` is the trace id that travels with the message. */
export interface Sent {
  readonly kind: 'sent';
  readonly id: string;
  readonly form: Form;
  readonly method: string;
  /** The pin at that moment. */
  readonly pin: string;
}

/** What became of it, for its sender: a call was answered, a cast or fanout was taken by the broker. */
export interface Settled {
  readonly kind: 'answered' | 'confirmed';
  readonly id: string;
  readonly method: string;
}

/** It was refused before any service saw it: the version that may be sent has no such thing. */
export interface Refused {
  readonly kind: 'refused';
  readonly id: string;
  readonly method: string;
  readonly code: string;
}

/** Anything else that went wrong. */
export interface Failed {
  readonly kind: 'failed';
  readonly id: string;
  readonly method: string;
  readonly text: string;
}

/** A handler begins or has ended. */
export interface Handler {
  readonly kind: 'handling' | 'handled' | 'threw';
  readonly id: string;
  /** The message's own id: the same on every copy. */
  readonly message: string;
  readonly method: string;
  /** The version that the request was written in. */
  readonly version: string;
  /** What this build reads. */
  readonly floor: string;
  readonly newest: string;
}

/** A client sends at this version from now on. */
export interface Pinned {
  readonly kind: 'pin';
  readonly version: string;
  readonly state: string;
}

/** `ready`: serves, or may send. `stopping`: was told to leave. `stopped`: has left; the last entry. */
export interface Milestone {
  readonly kind: 'ready' | 'stopping' | 'stopped';
}

export type Note = Started | Sent | Settled | Refused | Failed | Handler | Pinned | Milestone;

/** A line: a note, its number in the journal from 1 on, and when, in ms of the machine's monotonic clock. */
export type Entry = Note & { readonly line: number; readonly at: number };
