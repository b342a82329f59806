import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { type Broker, type BrokerOptions, openBroker } from '#lynchpin/broker/index.js';
import { Proxy } from '../support/proxy.js';
import { type RabbitNode, sharedRabbit, startRabbit } from '../support/rabbitmq/index.js';
import { consuming } from './consuming.js';
import { type BreakableGround, Collected, type Ground, intakeOf, message, until } from './ground.js';
import { keepingLogs, log } from './log.js';
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
  log(() => ground);
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
  keepingLogs(() => ground);

  it('keeps every message that it confirmed when it is killed while they come', async function () {
    this.timeout(120_000);
    const broker = await ground.open({ backoff: { first: 10, most: 100 } });
    const queue = `${ground.prefix()}.work`;
    await broker.ensureQueue(queue);
    const ids = Array.from({ length: 400 }, (_, index) => `m${index}`);
    const firsts = new Collected<string>();
    const outcomes = ids.map((messageId, index) =>
      // The later ones are sent as the earlier ones are answered: some before the kill, some while the node is away.
      firsts
        .first(Math.max(0, index - 50))
        .then(() => broker.publish(message(queue, 'x', { messageId, persistent: true })))
        .then((outcome) => {
          firsts.add(messageId);
          return outcome;
        }),
    );
    await firsts.first(100);
    await node.kill();
    await node.start();
    assert.deepEqual(new Set(await Promise.all(outcomes)), new Set(['confirmed']));
    await broker.ready();
    const { intake, deliveries } = await intakeOf(broker);
    await intake.consume(queue, { prefetch: 0, noAck: true }, deliveries.add);
    await until(
      () => new Set(deliveries.items.map((delivery) => delivery.messageId)).size,
      (count) => count === ids.length,
    );
    await broker.close();
  });
});
