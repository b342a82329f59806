import type { LynchpinError } from '../../errors/index.js';
import { BACKOFF, pauseBefore } from '../backoff.js';
import type { Broker, BrokerOptions, BrokerServer, BrokerState, Count, Intake, Port, PortHandlers, QueueOptions, Tap } from '../broker.js';
import { closedError, forbiddenError, lostError, notALogError } from '../failures.js';
import { checkConfirmed } from '../limits.js';
import type { LogHandlers, LogReader, LogStart, LogSupport } from '../log.js';
import type { Outgoing } from '../message.js';
import { Status } from '../status.js';
import type { Inside } from './inside.js';
import { MemoryIntake } from './intake.js';
import { MemoryLogReader } from './log-reader.js';
import { MemoryPort } from './port.js';
import { Session } from './session.js';
import { copyMessage } from './stored.js';
import { MemoryTap } from './tap.js';

const COUNT_TIMEOUT = 2_000;
const CLOSE_TIMEOUT = 5_000;

/** A broker in this process: everything but the socket. Several of them speak with one another through one hub. */
export class MemoryBroker implements Broker {
  readonly address: string;
  readonly userId = 'memory';
  readonly server: BrokerServer;
  readonly #inside: Inside;
  readonly #options: BrokerOptions;
  readonly #onClosed: () => void;
  readonly #status: Status;
  readonly #publishing = new Set<Promise<unknown>>();
  #session: Session;
  #isolated = false;
  #attempt = 0;
  #timer: NodeJS.Timeout | undefined;
  /** Keeps the process alive until the broker is closed, as a socket would. */
  readonly #hold = setInterval(() => undefined, 2 ** 30);

  constructor(inside: Inside, options: BrokerOptions, onClosed: () => void) {
    this.#inside = inside;
    this.#options = options;
    this.#onClosed = onClosed;
    this.address = inside.address;
    // There is no wire: it agrees to what is asked for, and nothing bounds frames and channels.
    this.server = Object.freeze({
      product: 'memory',
      version: '',
      cluster: undefined,
      heartbeat: options.heartbeat ?? 10,
      frameMax: 0xffffffff,
      channelMax: 0xffff,
    });
    this.#status = new Status(this.address);
    this.#session = new Session(inside.wire);
    if (!inside.running()) this.#session.end(this.#gone());
    this.#connect();
  }

  get state(): BrokerState {
    return this.#status.state;
  }

  watch(listener: (state: BrokerState, cause?: Error) => void): () => void {
    return this.#status.watch(listener);
  }

  ready(signal?: AbortSignal): Promise<void> {
    return this.#status.ready(signal);
  }

  ensureExchange(name: string, kind: 'direct' | 'fanout'): Promise<void> {
    return this.#ask(() => this.#inside.store.declareExchange(name, kind));
  }

  async ensureQueue(name: string, options: QueueOptions = {}): Promise<Count> {
    const count = await this.count(name);
    if (count.known || count.reason !== 'missing') {
      if (!count.known && count.reason === 'disconnected') throw this.#gone();
      return count;
    }
    return this.#ask(() => {
      this.#inside.store.declareQueue(name, options);
      return this.#inside.store.count(name, this.#session);
    });
  }

  deleteExchange(name: string): Promise<void> {
    return this.#ask(() => void this.#inside.store.exchanges.delete(name));
  }

  bind(queue: string, exchange: string, key: string): Promise<void> {
    return this.#ask(() => {
      if (!this.#inside.store.bind(queue, exchange, key))
        throw lostError(this.address, `there is no queue ${queue} or no exchange ${exchange} to bind`);
    });
  }

  unbind(queue: string, exchange: string, key: string): Promise<void> {
    return this.#ask(() => this.#inside.store.unbind(queue, exchange, key));
  }

  deleteQueue(name: string, when: { readonly unused?: boolean; readonly empty?: boolean } = {}): Promise<boolean> {
    return this.#ask(() => {
      const queue = this.#inside.store.queues.get(name);
      if (queue === undefined) {
        this.#inside.store.deleteQueue(name, `the log ${name} was deleted`);
        return true;
      }
      if (queue.ailment === 'forbidden') throw forbiddenError(this.address, `delete ${name}`);
      const refused =
        queue.ailment !== undefined || (when.unused === true && queue.consumers > 0) || (when.empty === true && queue.ready > 0);
      // A quorum queue cannot be deleted on a condition.
      if (refused || (queue.options.type === 'quorum' && (when.unused === true || when.empty === true))) return false;
      this.#inside.store.deleteQueue(name, `the queue ${name} was deleted`);
      return true;
    });
  }

  async count(queue: string): Promise<Count> {
    const session = this.#session;
    try {
      const count = await session.ask(
        () => this.#inside.store.count(queue, session),
        () => this.#gone(),
      );
      if (count.known || count.reason !== 'timeout') return count;
      await new Promise((resolve) => setTimeout(resolve, this.#options.countTimeout ?? COUNT_TIMEOUT));
      return count;
    } catch {
      return { known: false, reason: 'disconnected' };
    }
  }

  publish(message: Outgoing, signal?: AbortSignal): Promise<'confirmed' | 'returned'> {
    const publishing = this.#publish(message, signal);
    this.#publishing.add(publishing);
    return publishing.finally(() => this.#publishing.delete(publishing));
  }

  ensureLog(name: string): Promise<LogSupport> {
    return this.#ask(() => {
      const { address, logs, store } = this.#inside;
      if (store.queues.has(name)) throw notALogError(address, name);
      if (store.logs.get(name)?.ailment === 'forbidden') throw forbiddenError(address, `read the log ${name}`);
      if (store.logs.get(name)?.ailment !== undefined) throw lostError(address, `the log ${name} does not answer`);
      if (!logs) return { supported: false, reason: `the hub ${address} was made without logs` };
      store.declareLog(name);
      return { supported: true };
    });
  }

  openLog(name: string, start: LogStart, handlers: LogHandlers): Promise<LogReader> {
    return this.#ask(() => new MemoryLogReader(this.#inside, this.#session, name, start, handlers));
  }

  openPort(handlers: PortHandlers): Promise<Port> {
    return this.#ask(() => new MemoryPort(this.#inside, this.#session, handlers, this.userId));
  }

  openIntake(onLost: (cause: Error) => void): Promise<Intake> {
    return this.#ask(() => new MemoryIntake(this.#inside, this.#session, onLost));
  }

  openTap(): Promise<Tap> {
    return this.#ask(() => new MemoryTap(this.#inside, this.#session));
  }

  async close(options: { readonly timeout?: number } = {}): Promise<void> {
    if (this.state === 'closed') return;
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise((resolve) => {
      timer = setTimeout(resolve, options.timeout ?? CLOSE_TIMEOUT);
    });
    await Promise.race([Promise.allSettled(this.#publishing), patience]);
    clearTimeout(timer);
    clearTimeout(this.#timer);
    this.#status.set('closed');
    clearInterval(this.#hold);
    this.#session.end(closedError(this.address));
    this.#onClosed();
  }

  /** Breaks the connection; it comes back after the backoff, unless the broker is kept apart. */
  drop(cause: string): void {
    if (this.state === 'closed') return;
    const error = lostError(this.address, cause);
    this.#status.set('down', error);
    this.#session.end(error);
    this.#retry();
  }

  /** Keeps the broker from connecting until it is let in again. */
  isolate(isolated: boolean): void {
    this.#isolated = isolated;
  }

  /** The hub blocks publishing, or does so no longer. */
  blocked(blocked: boolean): void {
    if (this.#status.connected) this.#status.set(blocked ? 'blocked' : 'up');
  }

  async #publish(message: Outgoing, signal: AbortSignal | undefined): Promise<'confirmed' | 'returned'> {
    checkConfirmed(message, this.userId);
    const copy = copyMessage(message);
    for (;;) {
      await this.ready(signal);
      const taken = await abortable(this.#offer(copy), signal);
      if (taken !== undefined) return taken ? 'confirmed' : 'returned';
    }
  }

  /** Answers whether a queue took it; undefined when the connection was lost first. */
  #offer(message: Outgoing): Promise<boolean | undefined> {
    const session = this.#session;
    const { gate, store } = this.#inside;
    return new Promise((resolve) => {
      const detach = session.attach(() => resolve(undefined));
      const answer = (taken: boolean | undefined): void => {
        detach();
        resolve(taken);
      };
      const offer = (): void => {
        const log = store.logOf(message);
        if (log?.ailment === 'down') {
          log.whenHealed(offer);
          return;
        }
        void session
          .ask(
            () => store.publish(message),
            () => this.#gone(),
          )
          .then(answer, () => answer(undefined));
      };
      if (session.open) session.tell(() => gate.pass(offer));
      else answer(undefined);
    });
  }

  #connect(): void {
    if (this.state === 'closed') return;
    if (!this.#inside.running() || this.#isolated) {
      this.#retry();
      return;
    }
    this.#attempt = 0;
    if (!this.#session.open) this.#session = new Session(this.#inside.wire);
    this.#status.set(this.#inside.gate.blocked ? 'blocked' : 'up');
  }

  #retry(): void {
    clearTimeout(this.#timer);
    // Without jitter: what a test of the memory broker sees should be the same each time.
    this.#timer = setTimeout(() => this.#connect(), pauseBefore(this.#attempt, this.#options.backoff ?? BACKOFF, 1));
    this.#attempt += 1;
  }

  #ask<T>(work: () => T): Promise<T> {
    if (this.state === 'closed') return Promise.reject(closedError(this.address));
    return this.#session.ask(work, () => this.#gone());
  }

  #gone(): LynchpinError {
    return this.state === 'closed' ? closedError(this.address) : lostError(this.address, 'there is no connection');
  }
}

function abortable<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
