import type { Consumer, ConsumeOptions, Intake } from '../broker.js';
import { forbiddenError, inUseError, lostError } from '../failures.js';
import type { Delivery } from '../message.js';
import { MemoryConsumer } from './consumer.js';
import { Holdings } from './holdings.js';
import type { Inside } from './inside.js';
import type { Session } from './session.js';

/** A channel for consuming from the hub. */
export class MemoryIntake implements Intake {
  readonly #inside: Inside;
  readonly #session: Session;
  readonly #onLost: (cause: Error) => void;
  readonly #detach: () => void;
  readonly #holdings = new Holdings();
  readonly #consumers = new Set<MemoryConsumer>();
  readonly #inboxes: string[] = [];
  #done: number[] = [];
  #open = true;

  constructor(inside: Inside, session: Session, onLost: (cause: Error) => void) {
    this.#inside = inside;
    this.#session = session;
    this.#onLost = onLost;
    this.#detach = session.attach((cause) => this.#lose(cause));
  }

  get open(): boolean {
    return this.#open;
  }

  async consume(queue: string, options: ConsumeOptions, onDelivery: (delivery: Delivery) => void): Promise<Consumer> {
    this.#mustBeOpen();
    try {
      const consumer = await this.#session.ask(
        () => this.#subscribe(queue, options, onDelivery),
        () => this.#gone(),
      );
      return { queue, cancel: () => this.#cancel(consumer) };
    } catch (error) {
      this.#lose(error as Error);
      throw error;
    }
  }

  async inbox(exchanges: readonly string[], wanted?: string): Promise<string> {
    this.#mustBeOpen();
    const { store } = this.#inside;
    try {
      return await this.#session.ask(
        () => {
          const name = wanted ?? store.freshName('amq.gen-');
          if (store.declareQueue(name, {}, this.#session).owner !== this.#session) throw inUseError(this.#inside.address, name);
          this.#inboxes.push(name);
          for (const exchange of exchanges)
            if (!store.bind(name, exchange, '')) throw lostError(this.#inside.address, `there is no exchange ${exchange}`);
          return name;
        },
        () => this.#gone(),
      );
    } catch (error) {
      this.#lose(error as Error);
      throw error;
    }
  }

  ack(delivery: Delivery): void {
    if (!this.#open) return;
    this.#done.push(delivery.tag);
    if (this.#done.length === 1) process.nextTick(() => this.#flush());
  }

  async close(): Promise<void> {
    if (!this.#open) return;
    this.#flush();
    this.#open = false;
    this.#detach();
    // Also when the connection is lost before this gets there.
    this.#inside.wire.post(() => this.#release());
    await this.#session
      .ask(
        () => undefined,
        () => this.#gone(),
      )
      .catch(() => {});
  }

  #subscribe(name: string, options: ConsumeOptions, onDelivery: (delivery: Delivery) => void): MemoryConsumer {
    const { store, address, wire } = this.#inside;
    const queue = store.queues.get(name);
    if (queue === undefined) throw lostError(address, `there is no queue ${name}`);
    if (queue.ailment === 'forbidden' || (queue.owner !== undefined && queue.owner !== this.#session))
      throw forbiddenError(address, `consume ${name}`);
    if (queue.ailment !== undefined) throw lostError(address, `the queue ${name} does not answer`);
    if (!queue.admits(options.exclusive === true)) throw inUseError(address, name);
    const hand = (delivery: Delivery): void => wire.post(() => this.#hand(delivery, onDelivery));
    const consumer = new MemoryConsumer(queue, options, this.#holdings, hand, (cause) =>
      wire.post(() => this.#lose(lostError(address, cause))),
    );
    this.#consumers.add(consumer);
    queue.subscribe(consumer);
    return consumer;
  }

  #hand(delivery: Delivery, onDelivery: (delivery: Delivery) => void): void {
    if (!this.#open) return;
    try {
      onDelivery(delivery);
    } catch (error) {
      this.#lose(error as Error);
    }
  }

  async #cancel(consumer: MemoryConsumer): Promise<void> {
    if (!this.#open) return;
    await this.#session.ask(
      () => this.#drop(consumer, false),
      () => this.#gone(),
    );
  }

  #flush(): void {
    const done = this.#done;
    if (done.length === 0) return;
    this.#done = [];
    this.#session.tell(() => {
      for (const tag of done) this.#holdings.acknowledge(tag);
    });
  }

  #lose(cause: Error): void {
    if (!this.#open) return;
    this.#open = false;
    this.#detach();
    // The hub learns of it a moment later, as from a socket.
    this.#inside.wire.post(() => this.#release());
    this.#onLost(cause);
  }

  /** On the hub's side: the channel is gone, and what it held goes back. */
  #release(): void {
    for (const consumer of this.#consumers) this.#drop(consumer, true);
    this.#holdings.giveBackAll();
    for (const name of this.#inboxes) this.#inside.store.deleteQueue(name, `the queue ${name} was deleted`);
  }

  #drop(consumer: MemoryConsumer, gone: boolean): void {
    consumer.queue.unsubscribe(consumer, gone);
    if (gone) this.#consumers.delete(consumer);
  }

  #mustBeOpen(): void {
    if (!this.#open) throw this.#gone();
  }

  #gone(): Error {
    return lostError(this.#inside.address, 'the channel for consuming is gone');
  }
}
