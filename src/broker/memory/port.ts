import type { Port, PortHandlers } from '../broker.js';
import { lostError } from '../failures.js';
import { checkOutgoing, DIRECT_REPLY } from '../limits.js';
import type { Outgoing } from '../message.js';
import { Holdings } from './holdings.js';
import type { Inside } from './inside.js';
import type { Session } from './session.js';
import type { ReplyTarget } from './store.js';
import { copyMessage, deliveryOf } from './stored.js';

/** A channel for sending to the hub without confirms, and for direct replies. */
export class MemoryPort implements Port, ReplyTarget {
  readonly replyTo = DIRECT_REPLY;
  readonly #inside: Inside;
  readonly #session: Session;
  readonly #handlers: PortHandlers;
  readonly #account: string;
  readonly #address: string;
  readonly #detach: () => void;
  readonly #tags = new Holdings();
  #waiting: (() => void)[] = [];
  #open = true;

  constructor(inside: Inside, session: Session, handlers: PortHandlers, account: string) {
    this.#inside = inside;
    this.#session = session;
    this.#handlers = handlers;
    this.#account = account;
    this.#address = inside.store.addTarget(this);
    this.#detach = session.attach((cause) => this.#lose(cause));
  }

  get open(): boolean {
    return this.#open;
  }

  send(message: Outgoing, unroutable: 'return' | 'drop' = 'return'): boolean {
    if (!this.#open) throw lostError(this.#inside.address, 'the channel for sending is gone');
    checkOutgoing(message, this.#account);
    const { gate, store, wire } = this.#inside;
    const copy = copyMessage(message, message.replyTo === DIRECT_REPLY ? this.#address : message.replyTo);
    this.#session.tell(() =>
      gate.pass(() => {
        if (!this.#session.open || store.publish(copy) || unroutable === 'drop') return;
        wire.post(() => this.#guard(() => this.#handlers.onReturned({ ...copy, replyTo: message.replyTo })));
      }),
    );
    return !gate.blocked;
  }

  drained(): Promise<void> {
    if (!this.#open || !this.#inside.gate.blocked) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#inside.gate.pass(() => this.#release());
    });
  }

  reply(message: Outgoing): void {
    const delivery = deliveryOf({ message, expires: Infinity, place: 0, redelivered: false }, DIRECT_REPLY, this.#tags.nextTag());
    this.#inside.wire.post(() => this.#guard(() => this.#handlers.onReply(delivery)));
  }

  async close(): Promise<void> {
    if (!this.#open) return;
    this.#end();
    await this.#session
      .ask(
        () => this.#inside.store.removeTarget(this.#address),
        () => lostError(this.#inside.address, 'the connection is gone'),
      )
      .catch(() => {});
  }

  #guard(work: () => void): void {
    if (!this.#open) return;
    try {
      work();
    } catch (error) {
      this.#lose(error as Error);
    }
  }

  #lose(cause: Error): void {
    if (!this.#open) return;
    this.#end();
    this.#inside.wire.post(() => this.#inside.store.removeTarget(this.#address));
    this.#handlers.onLost(cause);
  }

  #end(): void {
    this.#open = false;
    this.#detach();
    this.#release();
  }

  #release(): void {
    for (const resume of this.#waiting.splice(0)) resume();
  }
}
