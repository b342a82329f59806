import { carriedHeaders, type Broker, type Delivery, type TopicNames } from '../../broker/index.js';
import { LynchpinError } from '../../errors/index.js';
import type { Contract } from '../contract/index.js';
import { formatReplyType, HEADERS } from '../wire/index.js';
import { copyOf, markOf, wasDelivered } from '../copies.js';
import { Recent } from './recent.js';
import type { Receipt } from './work.js';

/** How long a message that was handed back may take to come again in a version that this server reads, in ms. */
const PATIENCE = 10_000;
/** How many are held at a time; what comes beyond is parked. */
const MOST = 1_000;
/** How many ids are remembered, so that a parked message that comes again late is not run as well. */
const REMEMBERED = 10_000;

interface Held extends Receipt {
  readonly timer: NodeJS.Timeout;
}

/** What a hand-back works with. */
export interface HandBackParts {
  readonly broker: Broker;
  readonly names: TopicNames;
  readonly contract: Contract;
  readonly server: string;
  onParked(delivery: Delivery): void;
}

/**
 * Gives messages on a server's own queue that it cannot read back to their senders. Until the same message comes again,
 * readable, the original stays unacknowledged; when its sender is gone it is parked. Nothing of its body is ever read.
 */
export class HandBack {
  readonly #parts: HandBackParts;
  readonly #held = new Map<string, Held>();
  readonly #parked = new Recent(REMEMBERED);
  /** What nobody had before this process: if it comes again after a lost connection, no handler has run in between. */
  readonly #fresh = new Recent(REMEMBERED);
  #stopped = false;

  constructor(parts: HandBackParts) {
    this.#parts = parts;
  }

  /** How many are held. */
  get size(): number {
    return this.#held.size;
  }

  /** Whether the message of this id stands on the parked queue. One that was taken from there again does not. */
  hasParked(id: string, { headers }: Delivery): boolean {
    if (!this.#parked.has(id)) return false;
    const { names, server } = this.#parts;
    return headers?.[HEADERS.from] !== names.parked(server);
  }

  /** Hands a cast or fanout back to its sender. */
  async give(receipt: Receipt, id: string): Promise<void> {
    const { delivery, intake } = receipt;
    // Published twice over a lost connection: the first stands for both.
    if (this.#held.has(id)) return intake.ack(delivery);
    if (!wasDelivered(delivery)) this.#fresh.add(id);
    if (delivery.replyTo === undefined || this.#held.size >= MOST) return this.#park(receipt, id);
    this.#hold(receipt, id);
    receipt.onHeld?.();
    const { broker, contract, server } = this.#parts;
    const { floor, head } = contract.line;
    const outcome = await broker.publish({
      exchange: '',
      routingKey: delivery.replyTo,
      body: delivery.body,
      correlationId: id,
      appId: server,
      contentType: delivery.contentType,
      type: formatReplyType({ kind: 'unreadable', floor, version: head }),
      expiration: PATIENCE,
      headers: { ...carriedHeaders(delivery.headers), ...this.#mark(delivery), [HEADERS.type]: delivery.type ?? '' },
    });
    if (outcome === 'returned') await this.#parkHeld(id);
  }

  /** The message has come again in a version that this server reads: the original has done its part. */
  arrived(id: string): void {
    const held = this.#letGo(id);
    held?.intake.ack(held.delivery);
  }

  /** Puts what is still held back on the server's own queue, before leaving: its sender may be about to write it anew. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(
      [...this.#held.keys()].map(async (id) => {
        const held = this.#letGo(id);
        if (held === undefined) return;
        const { delivery, intake } = held;
        const copy = copyOf(delivery, delivery.queue, this.#mark(delivery));
        if ((await this.#parts.broker.publish(copy)) === 'confirmed') intake.ack(delivery);
      }),
    );
  }

  /** The broker will deliver again what was held on an intake that is lost. */
  forget(): void {
    for (const [id, { intake }] of this.#held) if (!intake.open) this.#letGo(id);
  }

  #mark(delivery: Delivery): Readonly<Record<string, true>> {
    return markOf(wasDelivered(delivery) && !this.#fresh.has(delivery.messageId as string));
  }

  #hold(receipt: Receipt, id: string): void {
    this.#held.set(id, { ...receipt, timer: setTimeout(() => void this.#parkHeld(id), PATIENCE) });
  }

  #letGo(id: string): Held | undefined {
    const held = this.#held.get(id);
    this.#held.delete(id);
    clearTimeout(held?.timer);
    return held;
  }

  async #parkHeld(id: string): Promise<void> {
    const held = this.#letGo(id);
    if (held === undefined) return;
    try {
      await this.#park(held, id);
    } catch {
      // Out of reach, or not allowed: it stays held, and is tried again.
      if (!this.#stopped && held.intake.open) this.#hold(held, id);
    }
  }

  async #park({ delivery, intake }: Receipt, id: string): Promise<void> {
    const { broker, names, server, onParked } = this.#parts;
    const queue = names.parked(server);
    // From here on it counts as parked: what comes again meanwhile must not run beside it.
    this.#parked.add(id);
    try {
      await broker.ensureQueue(queue);
      const copy = copyOf(delivery, queue, { [HEADERS.from]: delivery.queue, ...this.#mark(delivery) });
      if ((await broker.publish({ ...copy, persistent: true, expiration: undefined })) === 'returned')
        throw new LynchpinError('REJECTED', `the queue ${queue} takes nothing`, { queue });
    } catch (error) {
      this.#parked.delete(id);
      throw error;
    }
    intake.ack(delivery);
    onParked(delivery);
  }
}
