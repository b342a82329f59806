import type { Broker, Delivery, TopicNames } from '../../broker/index.js';
import { LynchpinError } from '../../errors/index.js';
import type { Contract } from '../contract/index.js';
import { formatReplyType, HEADERS } from '../wire/index.js';
import { copyOf } from './dead-letters.js';
import type { Receipt } from './work.js';

/** How long a message that was handed back may take to come again in a version that this server reads, in ms. */
const PATIENCE = 10_000;

interface Held extends Receipt {
  readonly timer: NodeJS.Timeout;
}

/**
 * Gives messages on a server's own queue that it cannot read back to their senders. Until the same message comes again,
 * readable, the original stays unacknowledged; when its sender is gone it is parked. Nothing of its body is ever read.
 */
export class HandBack {
  readonly #held = new Map<string, Held>();
  #stopped = false;

  constructor(
    readonly broker: Broker,
    readonly names: TopicNames,
    readonly contract: Contract,
    readonly server: string,
    readonly onParked: (delivery: Delivery) => void,
  ) {}

  /** How many are held. */
  get size(): number {
    return this.#held.size;
  }

  /** Hands a cast or fanout back to its sender. */
  async give(receipt: Receipt, id: string): Promise<void> {
    const { delivery } = receipt;
    if (delivery.replyTo === undefined) return this.#park(receipt);
    // The same message once more, and still not readable: this copy stands for the one before.
    this.arrived(id);
    this.#hold(receipt, id);
    const { floor, head } = this.contract.line;
    const outcome = await this.broker.publish({
      exchange: '',
      routingKey: delivery.replyTo,
      body: delivery.body,
      correlationId: id,
      appId: this.server,
      contentType: delivery.contentType,
      type: formatReplyType({ kind: 'unreadable', floor, version: head }),
      expiration: PATIENCE,
      headers: { ...delivery.headers, [HEADERS.type]: delivery.type ?? '' },
    });
    if (outcome === 'returned') await this.#parkHeld(id);
  }

  /** The message has come again in a version that this server reads: the original has done its part. */
  arrived(id: string): void {
    const held = this.#held.get(id);
    if (held === undefined) return;
    this.#held.delete(id);
    clearTimeout(held.timer);
    held.intake.ack(held.delivery);
  }

  /** Parks what is still held, before leaving. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all([...this.#held.keys()].map((id) => this.#parkHeld(id)));
  }

  /** The intake is lost: the broker will deliver again what was held on it. */
  forget(): void {
    for (const { timer } of this.#held.values()) clearTimeout(timer);
    this.#held.clear();
  }

  #hold(receipt: Receipt, id: string): void {
    const timer = setTimeout(() => {
      this.#parkHeld(id).catch(() => undefined);
    }, PATIENCE);
    this.#held.set(id, { ...receipt, timer });
  }

  async #parkHeld(id: string): Promise<void> {
    const held = this.#held.get(id);
    if (held === undefined) return;
    this.#held.delete(id);
    clearTimeout(held.timer);
    try {
      await this.#park(held);
    } catch (error) {
      // Out of reach, or not allowed: it stays held, and is tried again.
      if (!this.#stopped && held.intake.open && !this.#held.has(id)) this.#hold(held, id);
      throw error;
    }
  }

  async #park({ delivery, intake }: Receipt): Promise<void> {
    const queue = this.names.parked(this.server);
    await this.broker.ensureQueue(queue);
    const copy = { ...copyOf(delivery, queue, { [HEADERS.from]: delivery.queue }), persistent: true, expiration: undefined };
    if ((await this.broker.publish(copy)) === 'returned')
      throw new LynchpinError('REJECTED', `the queue ${queue} takes nothing`, { queue });
    intake.ack(delivery);
    this.onParked(delivery);
  }
}
