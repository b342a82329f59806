import type { Broker, Delivery, Outgoing, TopicNames } from '../../broker/index.js';
import { LynchpinError } from '../../errors/index.js';
import { copyOf } from '../copies.js';
import { HEADERS } from '../wire/index.js';

/** Puts what nobody may run on the topic's dead-letter queue, with its reason. */
export class DeadLetters {
  constructor(
    readonly broker: Broker,
    readonly names: TopicNames,
  ) {}

  /** Resolves when the broker has it; rejects only when the bus is closed meanwhile. */
  async add(delivery: Delivery, error: unknown): Promise<void> {
    const reason = LynchpinError.is(error) ? error.code : 'HANDLER_FAILED';
    const detail = error instanceof Error ? String(error.message) : `a handler threw what is no error: ${typeof error}`;
    const headers = { [HEADERS.reason]: reason, [HEADERS.detail]: detail.slice(0, 1_000), [HEADERS.from]: delivery.queue };
    // A dead letter does not expire, whatever the message did.
    const copy: Outgoing = { ...copyOf(delivery, this.names.dead, headers), persistent: true, expiration: undefined };
    while ((await this.broker.publish(copy)) === 'returned') await this.broker.ensureQueue(this.names.dead);
  }
}
