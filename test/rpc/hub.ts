import { Bus, MemoryHub, type BrokerOptions, type ConnectOptions } from 'lynchpin';
import { namesOf, type Broker, type Delivery } from '#lynchpin/broker/index.js';

/** A hub whose faults a test can cause, and the buses on it. */
export class HubWorld {
  readonly names = namesOf('volume');
  /** A broker of the test's own, beside the buses. */
  readonly broker: Broker;
  readonly #buses: Bus[] = [];

  constructor(readonly hub: MemoryHub = new MemoryHub()) {
    this.broker = hub.connect();
  }

  /** A bus, and the broker under it that faults are aimed at. */
  bus(name: string, options: ConnectOptions & BrokerOptions = {}): { readonly bus: Bus; readonly broker: Broker } {
    const broker = this.hub.connect({ backoff: { first: 5, most: 50 }, ...options });
    const bus = new Bus(broker, name, options);
    this.#buses.push(bus);
    return { bus, broker };
  }

  /** Takes one message off a queue. */
  async take(queue: string): Promise<Delivery | undefined> {
    if (this.hub.facts(queue) === undefined) return undefined;
    const tap = await this.broker.openTap();
    try {
      const delivery = await tap.get(queue);
      if (delivery !== undefined) await tap.ack(delivery);
      return delivery;
    } finally {
      await tap.close();
    }
  }

  /** What stands ready on a queue. */
  ready(queue: string): number {
    return this.hub.facts(queue)?.ready ?? 0;
  }

  async close(): Promise<void> {
    this.hub.unblock();
    await Promise.all(this.#buses.map((bus) => bus.close({ timeout: 500 })));
    await this.broker.close();
  }
}

/** Resolves once the condition holds; fails when that takes longer than any test may. */
export async function until(condition: () => boolean): Promise<void> {
  const start = performance.now();
  while (!condition()) {
    if (performance.now() - start > 10_000) throw new Error(`it did not come to pass: ${condition}`);
    await turn();
  }
}

/** Lets everything that is due happen once. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
