import { LynchpinError } from '../../errors/index.js';
import type { Broker, BrokerOptions } from '../broker.js';
import { MemoryBroker } from './broker.js';
import { Gate, type Inside } from './inside.js';
import type { Ailment } from './queue.js';
import { Store } from './store.js';
import { Wire } from './wire.js';

/** What a hub knows of one queue, without asking over a connection. */
export interface QueueFacts {
  /** Messages that wait to be delivered. */
  readonly ready: number;
  /** Messages that are in hand somewhere. */
  readonly unacknowledged: number;
  /** Who consumes it. */
  readonly consumers: number;
}

/**
 * A message broker in memory. Brokers join it with `connect`, and it can be made to fail as real ones do.
 *
 * @example
 * const hub = new MemoryHub();
 * const server = hub.connect();
 * const client = hub.connect();
 * hub.cut(server); // it comes back by itself
 */
export class MemoryHub {
  /** What its brokers say of themselves: `memory:` and its name. */
  readonly address: string;
  readonly #wire = new Wire();
  readonly #store = new Store();
  readonly #gate = new Gate();
  readonly #brokers = new Set<MemoryBroker>();
  readonly #logs: boolean;
  #running = true;

  /**
   * @param name shows in the address, to tell hubs apart.
   * @param options `logs: false` for a broker without logs, as RabbitMQ is before 3.9.
   */
  constructor(name = '', options: { readonly logs?: boolean } = {}) {
    this.address = `memory:${name}`;
    this.#logs = options.logs ?? true;
  }

  /** A broker that joins this hub: what `connect` of the package makes a bus of. */
  connect(options: BrokerOptions = {}): Broker {
    const inside: Inside = {
      address: this.address,
      wire: this.#wire,
      store: this.#store,
      gate: this.#gate,
      logs: this.#logs,
      running: () => this.#running,
    };
    const broker: MemoryBroker = new MemoryBroker(inside, options, () => this.#brokers.delete(broker));
    this.#brokers.add(broker);
    return broker;
  }

  /** Breaks a broker's connection. It reconnects after its backoff. */
  cut(broker: Broker): void {
    this.#known(broker).drop('the connection was cut');
  }

  /** Breaks a broker's connection and keeps it from coming back until `rejoin`. */
  isolate(broker: Broker): void {
    const known = this.#known(broker);
    known.isolate(true);
    known.drop('the connection was cut');
  }

  /** Lets an isolated broker connect again, at its next attempt. */
  rejoin(broker: Broker): void {
    this.#known(broker).isolate(false);
  }

  /** The hub goes away: every connection is lost, and with them all transient messages. */
  stop(): void {
    this.#running = false;
    for (const broker of this.#brokers) broker.drop('the broker went away');
    // After what the lost channels held has come back to its queues.
    this.#wire.post(() => {
      for (const queue of this.#store.queues.values()) queue.forgetTransient();
    });
  }

  /** The hub is back, with durable queues and messages; brokers reconnect after their backoff. */
  start(): void {
    this.#running = true;
  }

  /** Stops and starts. */
  restart(): void {
    this.stop();
    this.start();
  }

  /** Publishing waits until `unblock`, as under a memory or disk alarm. */
  block(): void {
    this.#gate.block();
    for (const broker of this.#brokers) broker.blocked(true);
  }

  /** Publishing goes on. */
  unblock(): void {
    for (const broker of this.#brokers) broker.blocked(false);
    this.#gate.unblock();
  }

  /**
   * Makes a queue or a log fail: `down` as when its node is (consumers are cancelled, what is sent to it is returned, or waits
   * if it is a log), `forbidden`
   * as for an account without rights, `timeout` as when its count does not come.
   */
  ail(queue: string, ailment: Ailment): void {
    const found = this.#queue(queue);
    found.ailment = ailment;
    if (ailment === 'down') found.dismiss(`the node of ${queue} is down`);
  }

  /** Ends what `ail` began. */
  heal(queue: string): void {
    const found = this.#queue(queue);
    found.heal();
  }

  /** The queues that exist. */
  get queues(): string[] {
    return [...this.#store.queues.keys()];
  }

  /** What stands on a queue now; undefined when there is none of that name. */
  facts(queue: string): QueueFacts | undefined {
    const found = this.#store.queues.get(queue);
    return found === undefined ? undefined : { ready: found.ready, unacknowledged: found.unacknowledged, consumers: found.consumers };
  }

  #queue(name: string) {
    const queue = this.#store.queues.get(name) ?? this.#store.logs.get(name);
    if (queue === undefined)
      throw new LynchpinError('DECLARATION', `the hub ${this.address} has no queue ${name}; it has ${this.queues.join(', ') || 'none'}`, {
        queue: name,
      });
    return queue;
  }

  #known(broker: Broker): MemoryBroker {
    for (const known of this.#brokers) if (known === broker) return known;
    throw new LynchpinError('DECLARATION', `the broker at ${broker.address} is not connected to the hub ${this.address}`, {});
  }
}
