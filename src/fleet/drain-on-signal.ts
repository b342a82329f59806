/** What can be drained and closed: a bus. */
export interface Closable {
  /** Leaves after working on for `grace` ms, and staying `linger` ms for what others need of it. */
  close(options: { readonly grace: number; readonly linger: number }): Promise<void>;
}

/** Options of {@link drainOnSignal}. */
export interface DrainOptions {
  /** Which signals. Default SIGTERM and SIGINT. */
  readonly signals?: readonly NodeJS.Signals[];
  /** How long to work on between turning unready and leaving, in ms, so that load balancers notice. Default 0. */
  readonly grace?: number;
  /**
   * For how long a server that nobody replaces stays when it has nothing in hand any more, in ms after somebody last said that
   * he has work in hand and may need it. `drainTimeout` bounds it. Default 1,000.
   */
  readonly linger?: number;
  /** Called first when a signal has come. */
  readonly onSignal?: (signal: NodeJS.Signals) => void;
}

/**
 * Leaves the topic properly when the process is told to stop: no new work, what runs is finished within its bound, what
 * never started goes back, what other processes need to finish what they have in hand is still answered, and then the process ends by itself, because nothing holds it any more. A second signal ends
 * it at once, as it would have without this.
 * @returns a function that stops listening.
 */
export function drainOnSignal(
  bus: Closable,
  { signals = ['SIGTERM', 'SIGINT'], grace = 0, linger = 1_000, onSignal }: DrainOptions = {},
): () => void {
  const listen = (signal: NodeJS.Signals): void => {
    stop();
    onSignal?.(signal);
    void bus.close({ grace, linger });
  };
  const stop = (): void => {
    for (const signal of signals) process.off(signal, listen);
  };
  for (const signal of signals) process.on(signal, listen);
  return stop;
}
