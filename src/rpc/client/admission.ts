/** Whether a client may send at all: what is older than what was finalized may not. */
export interface Admission {
  /** Called when that comes into doubt, as at the loss of a connection, and when it is refused; answers a function that stops it. */
  watchDoubt(listener: () => void): () => void;
  /**
   * Resolves once it may send, and within a few seconds also where nobody can be asked.
   * @throws LynchpinError `TOO_OLD` once it is refused, for good; the signal's reason.
   */
  admitted(signal: AbortSignal): Promise<void>;
}

/** For a client that nobody has to admit. */
export const ADMITTED: Admission = Object.freeze({ watchDoubt: () => () => undefined, admitted: async () => undefined });
