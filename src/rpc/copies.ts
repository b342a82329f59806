import { carriedHeaders, type Delivery, type Outgoing } from '../broker/index.js';
import { HEADERS } from './wire/index.js';

/** Whether a delivery is a call: somebody waits for its answer. */
export function isCall(delivery: Delivery): boolean {
  return delivery.replyTo !== undefined && delivery.replyTo !== '' && delivery.persistent !== true;
}

/** What a copy has of its original. Not its user id: the broker attests that only for the account that publishes. */
export function propertiesOf(delivery: Delivery): Omit<Outgoing, 'exchange' | 'routingKey' | 'body'> {
  const { type, messageId, correlationId, replyTo, persistent, contentType, appId, sent } = delivery;
  return { type, messageId, correlationId, replyTo, persistent, contentType, appId, sent };
}

/** The message as it came, for another queue. */
export function copyOf(delivery: Delivery, queue: string, headers: Record<string, unknown>, expiration = lifeOf(delivery)): Outgoing {
  return {
    ...propertiesOf(delivery),
    exchange: '',
    routingKey: queue,
    body: delivery.body,
    expiration,
    headers: { ...carriedHeaders(delivery.headers), ...headers },
  };
}

/** A message may come with no life at all, but none can be sent so. */
export function lifeOf({ expiration }: Pick<Delivery, 'expiration'>): number | undefined {
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
