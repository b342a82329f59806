import { LynchpinError } from '../errors/index.js';
import type { Broker, BrokerOptions } from './broker.js';
import { AmqpBroker } from './amqp/index.js';
import { MemoryHub } from './memory/index.js';

/**
 * Opens a broker and waits until it is connected.
 * @param where `amqp://user:password@host:port/vhost`, `amqps://...`, `memory:` for a hub of this broker's own, or a hub
 * that several brokers share.
 * @throws LynchpinError `CONNECTION` when it cannot be reached within `connectTimeout`, `FORBIDDEN` when it refuses the
 * account, `DECLARATION` when the address is none of these.
 */
export async function openBroker(where: string | MemoryHub, options: BrokerOptions = {}): Promise<Broker> {
  if (typeof where !== 'string') return connected(where.connect(options), options);
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(where)?.[1]?.toLowerCase();
  if (scheme === 'memory') return connected(new MemoryHub(where.slice('memory:'.length)).connect(options), options);
  if (scheme === 'amqp' || scheme === 'amqps') return AmqpBroker.open(where, options);
  // The address itself stays out of the message: it may hold a password.
  throw new LynchpinError(
    'DECLARATION',
    `a broker's address begins with amqp:, amqps: or memory:${scheme === undefined ? '' : `; this one begins with ${scheme}:`}`,
    {},
  );
}

async function connected(broker: Broker, options: BrokerOptions): Promise<Broker> {
  const limit = options.connectTimeout ?? 10_000;
  try {
    await broker.ready(AbortSignal.timeout(limit));
    return broker;
  } catch (error) {
    await broker.close();
    throw new LynchpinError(
      'CONNECTION',
      `${broker.address} could not be reached within ${limit} ms`,
      { address: broker.address },
      { cause: error },
    );
  }
}
