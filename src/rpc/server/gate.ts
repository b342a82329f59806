import type { ReportedMember } from '../wire/index.js';

/** A place among the members of a topic. */
export interface Admitted {
  /** Resolves when the place is lost: the server stops consuming and asks anew. */
  readonly lost: Promise<Error>;
}

/** What a server passes each time that it joins, before it consumes anything. */
export interface Gate {
  /** The life under which the server is a member now; undefined while it is none. */
  readonly member: ReportedMember | undefined;
  /** What keeps it from being one, as far as that is known: said when entering takes too long. */
  readonly problem?: Error | undefined;
  /**
   * @throws LynchpinError `TOO_OLD` for good; anything else may be tried again. The signal's reason.
   */
  enter(signal: AbortSignal): Promise<Admitted>;
  /**
   * Asks whether the place is still there, as after the loss of a connection. Where it is not, the promise of its loss has
   * resolved before this does. Does nothing without a place. @throws the signal's reason, or anything that may be tried again.
   */
  confirm(signal: AbortSignal): Promise<void>;
  /** Gives the place up, if there is one. Never throws. */
  leave(): Promise<void>;
}

/** For a server that nobody has to admit. */
export const OPEN_GATE: Gate = Object.freeze({
  member: undefined,
  enter: async () => ({ lost: new Promise<Error>(() => undefined) }),
  confirm: async () => undefined,
  leave: async () => undefined,
});
