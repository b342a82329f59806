import { connect, type Channel, type ChannelModel } from 'amqplib';
import { publishRaw, type RawProperties } from './raw.js';

/** A hostile message: where it goes, and what it is. */
export interface Hostile {
  readonly exchange?: string;
  readonly key: string;
  readonly properties: RawProperties;
  readonly body: Buffer;
}

/** What became of hostile messages, as they are seen from outside. */
export interface Fate {
  /** `type` of an answer, or `dead` and `parked`. */
  readonly kind: string;
  /** The error code of an answer, or the reason of a dead letter. */
  readonly code: string | undefined;
  readonly id: string | undefined;
}

/** Publishes what no client library would, over plain amqplib, and watches what becomes of it. */
export class Attacker {
  readonly replyTo: string;
  readonly fates: Fate[] = [];
  readonly #connection: ChannelModel;
  readonly #channel: Channel;
  #wake: () => void = () => undefined;

  private constructor(connection: ChannelModel, channel: Channel, replyTo: string) {
    this.#connection = connection;
    this.#channel = channel;
    this.replyTo = replyTo;
  }

  /** @param drains queues where messages end: their name, and what they are called in a fate. */
  static async start(url: string, drains: Readonly<Record<string, string>>): Promise<Attacker> {
    const connection = await connect(url);
    const watching = await connection.createChannel();
    const { queue } = await watching.assertQueue('', { exclusive: true });
    const attacker = new Attacker(connection, await connection.createChannel(), queue);
    await watching.consume(
      queue,
      (message) => {
        const { type = '', correlationId } = message?.properties ?? {};
        attacker.#saw({ kind: String(type), code: codeIn(message?.content), id: correlationId as string | undefined });
      },
      { noAck: true },
    );
    for (const [drain, kind] of Object.entries(drains)) {
      await watching.assertQueue(drain, { durable: true, arguments: { 'x-queue-type': 'classic' } });
      await watching.consume(
        drain,
        (message) => {
          const { headers, messageId } = message?.properties ?? {};
          attacker.#saw({ kind, code: String(headers?.['lynchpin-reason'] ?? ''), id: messageId as string | undefined });
        },
        { noAck: true },
      );
    }
    return attacker;
  }

  async send({ exchange = '', key, properties, body }: Hostile): Promise<void> {
    await publishRaw(this.#channel, { exchange, key }, properties, body);
  }

  /** Resolves when so many fates were seen since the last call of `take`, or when nothing more happens for a while. */
  async until(count: number, patience = 5_000): Promise<void> {
    while (this.fates.length < count) {
      const woken = new Promise<boolean>((resolve) => {
        const timer = setTimeout(() => resolve(false), patience);
        this.#wake = () => {
          clearTimeout(timer);
          resolve(true);
        };
      });
      if (!(await woken)) return;
    }
  }

  /** What was seen since the last time. */
  take(): readonly Fate[] {
    return this.fates.splice(0);
  }

  async stop(): Promise<void> {
    await this.#connection.close();
  }

  #saw(fate: Fate): void {
    this.fates.push(fate);
    this.#wake();
  }
}

function codeIn(body: Buffer | undefined): string | undefined {
  try {
    return (JSON.parse(String(body)) as { code?: string }).code;
  } catch {
    return undefined;
  }
}
