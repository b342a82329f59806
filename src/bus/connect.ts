import { hostname } from 'node:os';
import { fleetNamesOf, openBroker, type MemoryHub } from '../broker/index.js';
import { LynchpinError } from '../errors/index.js';
import { Bus } from './bus.js';
import type { ConnectOptions } from './options.js';

/**
 * Connects to a message broker.
 * @param address `amqp://` or `amqps://` for RabbitMQ, `memory:` for a broker of this bus's own inside the process, or a
 *   `MemoryHub` that several buses share.
 * @throws LynchpinError `CONNECTION` when it cannot be reached within `connectTimeout`, `FORBIDDEN` when it refuses the
 *   account, `DECLARATION` for an address, a namespace or a name that is none. Later losses of the connection are mended by themselves, for ever.
 *
 * @example
 * const bus = await connect('amqp://localhost');
 * const volumes = await bus.client(VolumeApi);
 */
export async function connect(address: string | MemoryHub, options: ConnectOptions = {}): Promise<Bus> {
  const name = options.name ?? `${hostname()}:${process.pid}`;
  // Before anything is opened that would have to be closed again.
  fleetNamesOf(options.namespace);
  const length = Buffer.byteLength(name);
  if (length < 1 || length > 255)
    throw new LynchpinError('DECLARATION', `name must have 1 to 255 bytes, got ${length}: it stands on messages`);
  const broker = await openBroker(address, {
    ...options,
    clientProperties: { connection_name: name, product: 'lynchpin', ...(options.build === undefined ? {} : { build: options.build }) },
  });
  return new Bus(broker, name, options);
}
