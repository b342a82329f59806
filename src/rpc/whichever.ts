/** A signal that fires with the first of several. */
export interface Whichever {
  readonly signal: AbortSignal;
  /** Lets go of those that it waits for: they may live much longer. It fires no more. */
  release(): void;
}

/**
 * Fires with the first of the signals, and with its reason. `AbortSignal.any` does the same, but in Node 20 does not hold
 * what it waits for: a garbage collection takes away a time-out that nobody else knows, and then it never fires.
 */
export function whichever(...signals: readonly AbortSignal[]): Whichever {
  const controller = new AbortController();
  const release = (): void => {
    for (const signal of signals) signal.removeEventListener('abort', fire);
  };
  const fire = (): void => {
    release();
    controller.abort(signals.find(({ aborted }) => aborted)?.reason);
  };
  for (const signal of signals) signal.addEventListener('abort', fire, { once: true });
  if (signals.some(({ aborted }) => aborted)) fire();
  return { signal: controller.signal, release };
}
