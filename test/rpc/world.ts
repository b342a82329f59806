import { once } from 'node:events';
import { connect as dial, createServer, type AddressInfo, type Socket } from 'node:net';
import { Bus, MemoryHub, type ConnectOptions } from 'lynchpin';
import { openBroker, namesOf, type Broker, type Delivery, type TopicNames } from '#lynchpin/broker/index.js';
import { sharedRabbit } from '../support/rabbitmq/index.js';

/** A bus and the means to break its connection. */
export interface Line {
  readonly bus: Bus;
  /** Breaks every connection of the bus. It reconnects by itself. */
  cut(): void;
}

/** A broker to test against, and a look at what stands on its queues. */
export interface World {
  readonly names: TopicNames;
  /** A broker of the test's own, beside the buses. */
  readonly broker: Broker;
  line(name: string, options?: ConnectOptions): Promise<Line>;
  bus(name: string, options?: ConnectOptions): Promise<Bus>;
  /** Takes one message off a queue. */
  take(queue: string): Promise<Delivery | undefined>;
  close(): Promise<void>;
}

export type WorldKind = 'memory' | 'amqp';
export const WORLDS: readonly WorldKind[] = ['memory', 'amqp'];

/** Makes a world of its own for one test: a hub of its own, or a namespace of its own on the shared RabbitMQ. */
export async function world(kind: WorldKind): Promise<World> {
  return kind === 'memory' ? memoryWorld() : amqpWorld();
}

async function memoryWorld(): Promise<World> {
  const hub = new MemoryHub();
  return build('lynchpin', hub.connect(), async (name, options) => {
    const broker = hub.connect({ backoff: { first: 5, most: 50 } });
    return { bus: new Bus(broker, name, { ...options }), cut: () => hub.cut(broker), stop: async () => undefined };
  });
}

async function amqpWorld(): Promise<World> {
  const { url } = await sharedRabbit();
  const namespace = `t${process.pid}-${Math.random().toString(36).slice(2, 10)}`;
  return build(namespace, await openBroker(url), async (name, options) => {
    const proxy = await startProxy(url);
    const broker = await openBroker(proxy.url, {
      ...options,
      backoff: { first: 5, most: 50 },
      clientProperties: { connection_name: name },
    });
    return { bus: new Bus(broker, name, { namespace, ...options }), cut: proxy.cut, stop: proxy.stop };
  });
}

function build(
  namespace: string,
  broker: Broker,
  open: (name: string, options: ConnectOptions) => Promise<Line & { stop(): Promise<void> }>,
): World {
  const lines: (Line & { stop(): Promise<void> })[] = [];
  const line = async (name: string, options: ConnectOptions = {}): Promise<Line> => {
    const opened = await open(name, options);
    lines.push(opened);
    return opened;
  };
  return {
    names: namesOf('volume', namespace),
    broker,
    line,
    bus: async (name, options) => (await line(name, options)).bus,
    async take(queue) {
      const tap = await broker.openTap();
      try {
        const delivery = await tap.get(queue);
        if (delivery !== undefined) await tap.ack(delivery);
        return delivery;
      } finally {
        await tap.close();
      }
    },
    async close() {
      await Promise.all(lines.map(({ bus }) => bus.close({ timeout: 2_000 })));
      await Promise.all(lines.map(({ stop }) => stop()));
      await broker.close();
    },
  };
}

async function startProxy(url: string): Promise<{ readonly url: string; cut(): void; stop(): Promise<void> }> {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = dial(Number(target.port), target.hostname);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    near.pipe(far).pipe(near);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const through = new URL(url);
  through.hostname = '127.0.0.1';
  through.port = String((server.address() as AddressInfo).port);
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: through.href,
    cut,
    async stop() {
      cut();
      server.close();
      await once(server, 'close');
    },
  };
}
