import { forbiddenError, lostError, notALogError, otherLogError } from '../failures.js';
import type { LogEntry, LogHandlers, LogReader, LogStart } from '../log.js';
import type { Inside } from './inside.js';
import type { LogSubscriber, MemoryLog } from './log.js';
import type { Session } from './session.js';

/** A reader of one of the hub's logs. */
export class MemoryLogReader implements LogReader, LogSubscriber {
  readonly #inside: Inside;
  readonly #session: Session;
  readonly #log: MemoryLog;
  readonly #handlers: LogHandlers;
  readonly #detach: () => void;
  /** What is before this is passed over. */
  readonly #from: number;
  #open = true;

  /** On the hub's side. @throws LynchpinError as `openLog` does. */
  constructor(inside: Inside, session: Session, name: string, start: LogStart, handlers: LogHandlers) {
    const { address, store } = inside;
    const log = store.logs.get(name);
    if (log === undefined) throw store.queues.has(name) ? notALogError(address, name) : lostError(address, `there is no log ${name}`);
    if (log.ailment === 'forbidden') throw forbiddenError(address, `read the log ${name}`);
    if (log.ailment !== undefined) throw lostError(address, `the log ${name} does not answer`);
    this.#inside = inside;
    this.#session = session;
    this.#log = log;
    this.#handlers = handlers;
    this.#from = typeof start === 'object' && 'from' in start ? start.from : 0;
    if (!log.subscribe(this, start)) throw otherLogError(address, name, typeof start === 'object' && 'offset' in start ? start.offset : 0);
    this.#detach = session.attach((cause) => this.#lose(cause));
  }

  get open(): boolean {
    return this.#open;
  }

  take(entry: LogEntry): void {
    this.#inside.wire.post(() => {
      if (!this.#open || entry.offset < this.#from) return;
      try {
        // Its own bytes: no reader sees what another does to them.
        this.#handlers.onEntry({ ...entry, body: Buffer.from(entry.body) });
      } catch (error) {
        this.#lose(error as Error);
      }
    });
  }

  cancelled(cause: string): void {
    this.#inside.wire.post(() => this.#lose(lostError(this.#inside.address, cause)));
  }

  async close(): Promise<void> {
    if (!this.#open) return;
    this.#end();
    this.#inside.wire.post(() => this.#log.unsubscribe(this));
    await this.#session
      .ask(
        () => undefined,
        () => lostError(this.#inside.address, 'the connection is gone'),
      )
      .catch(() => {});
  }

  #lose(cause: Error): void {
    if (!this.#open) return;
    this.#end();
    this.#inside.wire.post(() => this.#log.unsubscribe(this));
    this.#handlers.onLost(cause);
  }

  #end(): void {
    this.#open = false;
    this.#detach();
  }
}
