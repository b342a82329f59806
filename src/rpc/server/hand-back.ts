import type { Broker, Delivery, TopicNames } from '../../broker/index.js';
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
    const before = this.#held.get(id);
    if (before !== undefined) clearTimeout(before.timer);
    const timer = setTimeout(() => void this.#parkHeld(id), PATIENCE);
    this.#held.set(id, { ...receipt, timer });
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
    await Promise.all([...this.#held.keys()].map((id) => this.#parkHeld(id)));
  }

  /** The intake is lost: the broker will deliver again what was held on it. */
  forget(): void {
    for (const { timer } of this.#held.values()) clearTimeout(timer);
    this.#held.clear();
  }

  async #parkHeld(id: string): Promise<void> {
    const held = this.#held.get(id);
    if (held === undefined) return;
    this.#held.delete(id);
    clearTimeout(held.timer);
    await this.#park(held);
  }

  async #park({ delivery, intake }: Receipt): Promise<void> {
    const queue = this.names.parked(this.server);
    await this.broker.ensureQueue(queue);
    const copy = { ...copyOf(delivery, queue, { [HEADERS.from]: delivery.queue }), persistent: true, expiration: undefined };
    if ((await this.broker.publish(copy)) === 'returned') return;
    intake.ack(delivery);
    this.onParked(delivery);
  }
}
