import type { BrokerState } from './broker.js';
import { closedError } from './failures.js';

type Listener = (state: BrokerState, cause?: Error) => void;

/** The state of a broker, and whoever waits for it. */
export class Status {
  readonly address: string;
  #state: BrokerState = 'connecting';
  readonly #listeners = new Set<Listener>();

  constructor(address: string) {
    this.address = address;
  }

  get state(): BrokerState {
    return this.#state;
  }

  /** A blocked broker is connected: it consumes and counts, only its publishing waits. */
  get connected(): boolean {
    return this.#state === 'up' || this.#state === 'blocked';
  }

  set(state: BrokerState, cause?: Error): void {
    if (state === this.#state || this.#state === 'closed') return;
    this.#state = state;
    for (const listener of Array.from(this.#listeners)) listener(state, cause);
  }

  watch(listener: Listener): () => void {
    // Two watchers may be one function: each gets its own entry.
    const entry: Listener = (state, cause) => listener(state, cause);
    this.#listeners.add(entry);
    return () => this.#listeners.delete(entry);
  }

  ready(signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    if (this.connected) return Promise.resolve();
    if (this.#state === 'closed') return Promise.reject(closedError(this.address));
    return new Promise((resolve, reject) => {
      const finish = (): void => {
        stop();
        signal?.removeEventListener('abort', abort);
      };
      const abort = (): void => {
        finish();
        reject(signal?.reason);
      };
      const stop = this.watch((state) => {
        if (state === 'closed') {
          finish();
          reject(closedError(this.address));
        } else if (this.connected) {
          finish();
          resolve();
        }
      });
      signal?.addEventListener('abort', abort, { once: true });
    });
  }
}
