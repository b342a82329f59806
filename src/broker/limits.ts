import { LynchpinError } from '../errors/index.js';
import type { Outgoing } from './message.js';

/** The pseudo-queue that stands for "the port that this was sent from". */
export const DIRECT_REPLY = 'amq.rabbitmq.reply-to';

const LONGEST = 0xffffffff;
const MOST_BYTES = 128 << 20;

/**
 * Refuses what AMQP cannot carry before it is sent: a broker answers such a message by closing the channel, which
 * would take innocent ones along.
 * @throws LynchpinError `PROTOCOL`.
 */
export function checkOutgoing(message: Outgoing, account: string | undefined): void {
  short('exchange', message.exchange);
  short('routing key', message.routingKey);
  short('type', message.type);
  short('messageId', message.messageId);
  short('correlationId', message.correlationId);
  short('replyTo', message.replyTo);
  short('appId', message.appId);
  short('contentType', message.contentType);
  const { expiration } = message;
  if (expiration !== undefined && !(Number.isInteger(expiration) && expiration >= 1 && expiration <= LONGEST)) {
    throw new LynchpinError('PROTOCOL', `expiration is a whole number of milliseconds from 1 to ${LONGEST}; got ${expiration}`, {
      expiration,
    });
  }
  if (message.userId !== undefined && message.userId !== account) {
    throw new LynchpinError('PROTOCOL', 'userId is the account that this process is connected as, or unset', {});
  }
  if (message.body.byteLength > MOST_BYTES) {
    throw new LynchpinError('PROTOCOL', `a message has at most ${MOST_BYTES} bytes; this one has ${message.body.byteLength}`, {
      bytes: message.body.byteLength,
    });
  }
}

function short(what: string, value: string | undefined): void {
  // A character is at most three bytes for each unit of length: short ones need no counting.
  if (value === undefined || value.length <= 85 || Buffer.byteLength(value) <= 255) return;
  throw new LynchpinError('PROTOCOL', `${what} has at most 255 bytes; this one has ${Buffer.byteLength(value)}`, {
    bytes: Buffer.byteLength(value),
  });
}

/**
 * What holds beyond that for a message that is published with confirm.
 * @throws LynchpinError `PROTOCOL`.
 */
export function checkConfirmed(message: Outgoing, account: string | undefined): void {
  checkOutgoing(message, account);
  if (message.replyTo !== DIRECT_REPLY) return;
  throw new LynchpinError(
    'PROTOCOL',
    `replyTo ${DIRECT_REPLY} means the port that a message is sent from: send it with that port, or give the name of an inbox`,
    {},
  );
}
