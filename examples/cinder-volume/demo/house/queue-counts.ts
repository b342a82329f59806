import { connect, type Channel, type ChannelModel } from 'amqplib';

const BASE = 'lynchpin.cinder-volume';

/** The queues that anything can wait on in this play: of the lanes, those of the two releases' newest and of `early` methods. */
const QUEUES = [
  `${BASE}@3.10`,
  `${BASE}@3.12`,
  `${BASE}@3.20`,
  `${BASE}.server.volume-1`,
  `${BASE}.server.volume-2`,
  `${BASE}.server.volume-3`,
  `${BASE}.dead`,
];

/** Counts what is ready on queues, by asking the broker over a connection of its own. */
export class QueueCounts {
  #connection: Promise<ChannelModel> | undefined;
  readonly #channels = new Map<string, Channel>();

  constructor(private readonly url: string) {}

  /** The counts of the queues that exist. */
  async take(): Promise<ReadonlyMap<string, number>> {
    const counts = new Map<string, number>();
    for (const queue of QUEUES) {
      const messages = await this.#count(queue);
      if (messages !== undefined) counts.set(queue, messages);
    }
    return counts;
  }

  async close(): Promise<void> {
    await (await this.#connection)?.close().catch(() => {});
  }

  async #count(queue: string): Promise<number | undefined> {
    try {
      let channel = this.#channels.get(queue);
      if (channel === undefined) {
        this.#connection ??= this.#connect();
        channel = await (await this.#connection).createChannel();
        channel.on('error', () => this.#channels.delete(queue));
        this.#channels.set(queue, channel);
      }
      return (await channel.checkQueue(queue)).messageCount;
    } catch {
      // It does not exist yet, and asking has cost the channel.
      this.#channels.delete(queue);
      return undefined;
    }
  }

  async #connect(): Promise<ChannelModel> {
    const connection = await connect(this.url, { noDelay: true });
    connection.on('error', () => {});
    return connection;
  }
}
