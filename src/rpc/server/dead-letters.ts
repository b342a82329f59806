import { carriedHeaders, type Broker, type Delivery, type Outgoing, type TopicNames } from '../../broker/index.js';
import { LynchpinError } from '../../errors/index.js';
import { HEADERS } from '../wire/index.js';

/** The message as it came, for another queue; without its user id, which the broker refuses from anyone else. */
export function copyOf(delivery: Delivery, queue: string, headers: Record<string, unknown>, expiration = lifeOf(delivery)): Outgoing {
  const { type, messageId, correlationId, replyTo, persistent, contentType, appId, body } = delivery;
  return {
    exchange: '',
    routingKey: queue,
    body,
    type,
    messageId,
    correlationId,
    replyTo,
    persistent,
    contentType,
    appId,
    expiration,
    headers: { ...carriedHeaders(delivery.headers), ...headers },
  };
}

/** A message may come with no life at all, but none can be sent so. */
function lifeOf({ expiration }: Delivery): number | undefined {
  return expiration === undefined ? undefined : Math.max(1, expiration);
}

/** Whether a delivery, or the original of which it is a copy, had been delivered before: a handler may have run. */
export function wasDelivered({ redelivered, headers }: Pick<Delivery, 'redelivered' | 'headers'>): boolean {
  return redelivered || headers?.[HEADERS.redelivered] === true;
}

/** The header by which a copy says that its original had been delivered before. */
export function markOf(delivered: boolean): Readonly<Record<string, true>> {
  return delivered ? { [HEADERS.redelivered]: true } : {};
}

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
