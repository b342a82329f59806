import type { Broker, QueueOptions, TopicNames } from '../broker/index.js';
import type { Version } from '../versions/index.js';

/** Declares what a topic has on the broker, passively first: whatever exists is used as it is. */
export class Topology {
  readonly #ensuring = new Map<Version, Promise<void>>();

  constructor(
    readonly broker: Broker,
    readonly names: TopicNames,
    readonly lanes: 'classic' | 'quorum' = 'classic',
  ) {}

  /** The exchanges, and the queue for what nobody may run. */
  async ensureTopic(): Promise<void> {
    await this.broker.ensureExchange(this.names.exchange, 'direct');
    await this.broker.ensureExchange(this.names.fanout, 'fanout');
    await this.broker.ensureExchange(this.names.notices, 'fanout');
    await this.broker.ensureExchange(this.names.control, 'fanout');
    await this.broker.ensureQueue(this.names.dead);
  }

  /** The work lane of one version, bound to the topic's exchange. Those who ask at the same time share one declaration. */
  ensureLane(version: Version): Promise<void> {
    const under = this.#ensuring.get(version);
    if (under !== undefined) return under;
    const declaring = this.#declareLane(version).finally(() => this.#ensuring.delete(version));
    this.#ensuring.set(version, declaring);
    return declaring;
  }

  /** A server's own queue, fed by the fanout exchange too. */
  async ensureServerQueue(server: string): Promise<string> {
    const queue = this.names.server(server);
    await this.broker.ensureQueue(queue);
    await this.broker.bind(queue, this.names.fanout, '');
    return queue;
  }

  async #declareLane(version: Version): Promise<void> {
    const lane = this.names.lane(version);
    const options: QueueOptions = this.lanes === 'quorum' ? { type: 'quorum', deadLetterQueue: this.names.dead } : {};
    await this.broker.ensureExchange(this.names.exchange, 'direct');
    await this.broker.ensureQueue(lane, options);
    await this.broker.bind(lane, this.names.exchange, version);
  }
}
