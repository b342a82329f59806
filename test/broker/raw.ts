import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import amqplib, { type Channel, type ChannelModel, type ConfirmChannel } from 'amqplib';

/** The AMQP client alone, without anything of Lynchpin's: these tests ask the broker itself. */
export class Raw {
  readonly model: ChannelModel;
  readonly url: string;

  private constructor(model: ChannelModel, url: string) {
    this.model = model;
    this.url = url;
  }

  static async connect(url: string): Promise<Raw> {
    const model = await amqplib.connect(url, { noDelay: true });
    model.on('error', () => {});
    return new Raw(model, url);
  }

  get version(): readonly number[] {
    return this.model.connection.serverProperties.version.split('.').map(Number);
  }

  async channel(): Promise<Channel> {
    const channel = await this.model.createChannel();
    channel.on('error', () => {});
    return channel;
  }

  async confirmChannel(): Promise<ConfirmChannel> {
    const channel = await this.model.createConfirmChannel();
    channel.on('error', () => {});
    return channel;
  }

  /** The consumers that a passive declaration counts. */
  async consumers(queue: string): Promise<number> {
    const channel = await this.channel();
    const { consumerCount } = await channel.checkQueue(queue);
    await channel.close();
    return consumerCount;
  }

  async close(): Promise<void> {
    await this.model.close().catch(() => {});
  }
}

/** A consumer in a process of its own; resolves once it consumes. */
export async function consumerProcess(url: string, queue: string, heartbeat: number): Promise<ChildProcess> {
  const script = `
    const amqplib = require(${JSON.stringify(createRequire(import.meta.url).resolve('amqplib'))});
    amqplib.connect(process.argv[1] + '?heartbeat=' + process.argv[3]).then(async (model) => {
      const channel = await model.createChannel();
      await channel.consume(process.argv[2], () => {});
      process.stdout.write('consuming');
    });`;
  const child = spawn(process.execPath, ['-e', script, url, queue, String(heartbeat)], { stdio: ['ignore', 'pipe', 'inherit'] });
  await Promise.race([
    once(child.stdout, 'data'),
    once(child, 'exit').then(() => {
      throw new Error('the consumer process ended');
    }),
  ]);
  return child;
}
