import { randomBytes } from 'node:crypto';
import { type Broker, type BrokerOptions, openBroker } from '#lynchpin/broker/index.js';
import { Proxy } from '../support/proxy.js';
import { type RabbitNode, sharedRabbit, startRabbit } from '../support/rabbitmq/index.js';
import { consuming } from './consuming.js';
import type { BreakableGround, Ground } from './ground.js';
import { breaking, losing } from './losing.js';
import { ports } from './ports.js';
import { publishing } from './publishing.js';
import { topology } from './topology.js';

/** A broker behind relays, one for each that is opened, so that one connection can be cut without the others. */
class Relayed implements Ground {
  readonly #url: URL;
  readonly #relays = new Map<Broker, Proxy>();

  constructor(url: string) {
    this.#url = new URL(url);
  }

  async open(options?: BrokerOptions): Promise<Broker> {
    const proxy = await Proxy.start({ host: this.#url.hostname, port: Number(this.#url.port || 5672) });
    const through = new URL(this.#url);
    through.hostname = '127.0.0.1';
    through.port = String(proxy.port);
    const broker = await openBroker(through.href, options);
    this.#relays.set(broker, proxy);
    return broker;
  }

  cut(broker: Broker): void {
    this.#relays.get(broker)?.cut();
  }

  prefix(): string {
    return `t${randomBytes(6).toString('hex')}`;
  }

  async stop(): Promise<void> {
    for (const relay of this.#relays.values()) await relay.stop();
  }
}

describe('the AMQP broker keeps its promises:', () => {
  let ground: Relayed;
  before(async function () {
    ground = new Relayed((await sharedRabbit(this)).url);
  });
  after(() => ground.stop());
  publishing(() => ground);
  topology(() => ground);
  consuming(() => ground);
  ports(() => ground);
  losing(() => ground);
});

describe('the AMQP broker keeps its promises on a node that fails:', () => {
  let node: RabbitNode;
  let ground: BreakableGround & Relayed;
  before(async function () {
    this.timeout(300_000);
    node = await startRabbit();
    ground = Object.assign(new Relayed(node.url), {
      restart: () => node.restart(),
      block: () => node.block(),
      unblock: () => node.unblock(),
    });
  });
  after(async () => {
    await ground?.stop();
    await node?.stop();
  });
  breaking(() => ground);
});
