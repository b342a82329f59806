import type { PinChange } from './pins.js';

/** What can read its configured pins again: a bus. */
export interface Rereadable {
  /** Reads them, and answers what has changed. Must not throw. */
  rereadPins(): readonly PinChange[];
}

/** Options of {@link rereadPinsOnSignal}. */
export interface RereadOptions {
  /** Which signals. Default SIGHUP. */
  readonly signals?: readonly NodeJS.Signals[];
  /** Told what has changed, each time. */
  readonly onReread?: (changes: readonly PinChange[]) => void;
}

/**
 * Reads the configured pins again when the process gets a signal: from the environment, which stays what it was, and from
 * the file that `LYNCHPIN_PINS_FILE` names. What cannot be read, or means nothing, changes nothing.
 * @returns a function that stops listening.
 */
export function rereadPinsOnSignal(bus: Rereadable, { signals = ['SIGHUP'], onReread }: RereadOptions = {}): () => void {
  const listen = (): void => {
    const changes = bus.rereadPins();
    onReread?.(changes);
  };
  for (const signal of signals) process.on(signal, listen);
  return () => {
    for (const signal of signals) process.off(signal, listen);
  };
}
