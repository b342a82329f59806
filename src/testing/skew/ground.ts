import { randomBytes } from 'node:crypto';
import { fleetNamesOf, namesOf, openBroker, type Broker, type TopicNames } from '../../broker/index.js';
import type { Version } from '../../versions/index.js';

/** Why a message was given up, as its dead letter says. */
export interface Buried {
  readonly traceparent: string | undefined;
  readonly code: string;
  readonly detail: string;
}

/**
 * What a run has on the broker: one namespace for each cell, so that cells know nothing of each other nor of anything else that
 * the broker carries. All of it is deleted again.
 */
export class Ground {
  readonly #mark = `skew-${randomBytes(5).toString('hex')}`;
  readonly #namespaces = new Set<string>();
  readonly #clearing: Promise<void>[] = [];

  private constructor(
    readonly broker: Broker,
    readonly topic: string,
    readonly versions: readonly Version[],
    readonly servers: readonly string[],
  ) {}

  static async open(address: string, topic: string, versions: readonly Version[], servers: readonly string[]): Promise<Ground> {
    return new Ground(await openBroker(address), topic, versions, servers);
  }

  namespace(cell: string): string {
    const namespace = `${this.#mark}-${cell}`;
    this.#namespaces.add(namespace);
    return namespace;
  }

  /** How many messages stand on the lane of a version; undefined when that is not known. */
  async waiting(namespace: string, version: Version): Promise<number | undefined> {
    const count = await this.broker.count(this.#names(namespace).lane(version));
    return count.known ? count.ready : undefined;
  }

  /** Takes what nobody could handle off the dead letters. */
  async buried(namespace: string): Promise<readonly Buried[]> {
    const { dead } = this.#names(namespace);
    const count = await this.broker.count(dead);
    if (!count.known || count.ready === 0) return [];
    const tap = await this.broker.openTap();
    const found: Buried[] = [];
    try {
      for (let letter = await tap.get(dead); letter !== undefined; letter = await tap.get(dead)) {
        const header = (name: string): string | undefined => textOf(letter?.headers?.[name]);
        found.push({
          traceparent: header('traceparent'),
          code: header('lynchpin-reason') ?? 'unknown',
          detail: header('lynchpin-detail') ?? '',
        });
        await tap.ack(letter);
      }
    } finally {
      await tap.close();
    }
    return found;
  }

  /** Begins to delete everything of a namespace; {@link close} waits until it is done. Its processes must have left. */
  clear(namespace: string): void {
    this.#namespaces.delete(namespace);
    const clearing = this.#delete(namespace).catch(() => void this.#namespaces.add(namespace));
    this.#clearing.push(clearing);
  }

  /** Deletes what is left, and disconnects. */
  async close(): Promise<void> {
    try {
      await Promise.all(this.#clearing);
      for (const namespace of this.#namespaces) await this.#delete(namespace);
    } finally {
      await this.broker.close();
    }
  }

  async #delete(namespace: string): Promise<void> {
    const names = this.#names(namespace);
    const queues = [
      names.roll,
      names.dead,
      names.ledger,
      ...this.versions.flatMap((version) => [names.lane(version), names.rollAt(version)]),
      ...this.servers.flatMap((server) => [names.server(server), names.parked(server)]),
    ];
    await Promise.all(queues.map((queue) => this.broker.deleteQueue(queue)));
    const exchanges = [names.exchange, names.fanout, names.notices, names.control, fleetNamesOf(namespace).fleet];
    await Promise.all(exchanges.map((exchange) => this.broker.deleteExchange(exchange)));
  }

  #names(namespace: string): TopicNames {
    return namesOf(this.topic, namespace);
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
