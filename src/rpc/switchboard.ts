import type { Broker, Delivery, Outgoing, Port, Returned } from '../broker/index.js';
import { LynchpinError } from '../errors/index.js';
import { Backoff } from './backoff.js';

/** Who waits for the answer to one request. */
export interface Expectation {
  answered(delivery: Delivery): void;
  /** No queue would take the request. */
  returned(): void;
  /** The port that carried the request is gone, and with it the way back for its answer. */
  lost(port: Port, cause: Error): void;
}

/**
 * Keeps one port open through every loss of connection, and brings answers to whoever expects them. All clients and
 * servers of a bus share one.
 */
export class Switchboard {
  readonly #broker: Broker;
  readonly #expected = new Map<string, Expectation>();
  readonly #waiting = new Set<() => void>();
  readonly #lossListeners = new Set<() => void>();
  #port: Port | undefined;
  #opening: Promise<void> | undefined;
  #congested: Promise<void> | undefined;
  #closed = false;
  readonly #unwatch: () => void;

  constructor(broker: Broker) {
    this.#broker = broker;
    this.#unwatch = broker.watch(() => this.#wake());
  }

  /**
   * The port, when there is one that takes more; `ready` waits for one. A broker that blocks publishers would take bytes
   * all the same, and hand them on when their callers have long given up.
   */
  get port(): Port | undefined {
    return this.#port?.open === true && this.#congested === undefined && this.#broker.state !== 'blocked' ? this.#port : undefined;
  }

  /** How many answers are expected. */
  get expected(): number {
    return this.#expected.size;
  }

  /** Calls the listener whenever the port is lost; answers a function that stops it. */
  watchLoss(listener: () => void): () => void {
    this.#lossListeners.add(listener);
    return () => this.#lossListeners.delete(listener);
  }

  expect(id: string, who: Expectation): void {
    this.#expected.set(id, who);
  }

  forget(id: string): void {
    this.#expected.delete(id);
  }

  /** Sends on a port that takes more. A full transport closes the gate until it has drained. */
  send(port: Port, message: Outgoing, unroutable?: 'return' | 'drop'): void {
    if (port.send(message, unroutable) || this.#congested !== undefined) return;
    this.#congested = port.drained().then(() => {
      this.#congested = undefined;
      this.#wake();
    });
  }

  /**
   * The port, once it is open and its transport takes more.
   * @returns undefined when the signal fires first.
   * @throws LynchpinError `CLOSED` when the bus is closed.
   */
  async ready(signal?: AbortSignal): Promise<Port | undefined> {
    while (!this.#closed && signal?.aborted !== true) {
      const port = this.port;
      if (port !== undefined) return port;
      this.#open();
      await this.#change(signal);
    }
    if (this.#closed) throw new LynchpinError('CLOSED', 'the bus is closed');
    return undefined;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#unwatch();
    this.#wake();
    const port = this.#port;
    this.#port = undefined;
    const error = new LynchpinError('CLOSED', 'the bus was closed before the answer came');
    for (const who of this.#expected.values()) if (port !== undefined) who.lost(port, error);
    this.#expected.clear();
    await port?.close();
  }

  #open(): void {
    if (this.#opening !== undefined || this.#closed || this.#port?.open === true) return;
    this.#opening = this.#openForGood().finally(() => {
      this.#opening = undefined;
      this.#wake();
    });
  }

  async #openForGood(): Promise<void> {
    const backoff = new Backoff(20, 1_000);
    while (!this.#closed) {
      try {
        await this.#broker.ready();
        const opening = this.#broker.openPort({
          onReply: (delivery) => this.#answer(delivery),
          onReturned: (message) => this.#return(message),
          // Lost before it was open: then opening it fails as well, and that is what counts.
          onLost: (cause) =>
            void opening.then(
              (lost) => this.#lose(lost, cause),
              () => undefined,
            ),
        });
        const port = await opening;
        if (!port.open) continue;
        if (this.#closed) return await port.close();
        this.#port = port;
        this.#congested = undefined;
        return;
      } catch (error) {
        if (LynchpinError.is(error, 'CLOSED')) {
          // The broker was closed from elsewhere: nobody may wait for a port any more.
          this.#closed = true;
          return;
        }
        await backoff.wait();
      }
    }
  }

  #answer(delivery: Delivery): void {
    if (delivery.correlationId !== undefined) this.#expected.get(delivery.correlationId)?.answered(delivery);
  }

  #return(message: Returned): void {
    if (message.messageId !== undefined) this.#expected.get(message.messageId)?.returned();
  }

  #lose(port: Port, cause: Error): void {
    if (this.#port === port) this.#port = undefined;
    this.#congested = undefined;
    for (const listener of this.#lossListeners) listener();
    for (const who of this.#expected.values()) who.lost(port, cause);
    this.#wake();
    this.#open();
  }

  #wake(): void {
    for (const resume of this.#waiting) resume();
  }

  #change(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        this.#waiting.delete(done);
        signal?.removeEventListener('abort', done);
        resolve();
      };
      this.#waiting.add(done);
      signal?.addEventListener('abort', done, { once: true });
    });
  }
}
