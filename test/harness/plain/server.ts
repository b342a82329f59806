// A server of the lanes in the small, on nothing but amqplib: what the harness is tried on.
import { setTimeout as pause } from 'node:timers/promises';
import { type Channel, type ConsumeMessage, connect } from 'amqplib';
import { assignment, leave, note } from '../process/inside.js';
import { declareTopic, namesOf, versionsOf } from './topology.js';

const { name, window, url, settings } = assignment;
const names = namesOf(String(settings['topic']));
const versions = versionsOf(window);
let inHand = 0;
let stopping = false;
let session: { readonly leave: () => Promise<void> } | undefined;

async function serve(): Promise<void> {
  const connection = await connect(`${url}?heartbeat=5`, { noDelay: true });
  connection.on('error', () => {});
  const work = await connection.createChannel();
  const presence = await connection.createChannel();
  for (const channel of [work, presence]) channel.on('error', () => {});
  await declareTopic(work, names, window);
  await work.prefetch(50);
  const own = names.server(name);
  await work.assertQueue(own, { durable: true });
  await work.assertQueue(names.parked(name), { durable: true });
  await work.bindQueue(own, names.fanout, '');
  const tags: [Channel, string][] = [];
  const consume = async (channel: Channel, queue: string): Promise<void> => {
    const { consumerTag } = await channel.consume(queue, (message) => void (message !== null && receive(work, queue, message)));
    tags.unshift([channel, consumerTag]);
  };
  for (const version of versions) await consume(work, names.lane(version));
  await consume(work, own);
  for (const version of versions) await consume(presence, names.rollAt(version));
  await consume(presence, names.roll);
  // Not before: what breaks on the way here is tried again by whoever called.
  connection.on('close', () => void revive());
  session = {
    leave: async () => {
      for (const [channel, tag] of tags) await channel.cancel(tag);
      while (inHand > 0) await pause(5);
      await work.close();
      await connection.close();
    },
  };
}

async function receive(channel: Channel, queue: string, message: ConsumeMessage): Promise<void> {
  inHand += 1;
  try {
    await treat(channel, queue, message);
  } catch {
    // The channel went away meanwhile: the broker gives the message to somebody else.
  } finally {
    inHand -= 1;
  }
}

async function treat(channel: Channel, queue: string, message: ConsumeMessage): Promise<void> {
  const { type = '', messageId = '', replyTo } = message.properties as { type?: string; messageId?: string; replyTo?: string };
  const [, method = '', version = '', accept = version] = /^([^@]+)@([\d.]+)(?:;([\d.]+))?$/.exec(type) ?? [];
  const move = (target: string, headers: Record<string, unknown>): void => {
    channel.sendToQueue(target, message.content, { type, messageId, persistent: true, headers });
    channel.ack(message);
  };
  const reply = (kind: string, body: unknown): void => {
    if (replyTo !== undefined) channel.sendToQueue(replyTo, Buffer.from(JSON.stringify(body)), { type: kind, correlationId: messageId });
  };
  if (!versions.includes(version)) return move(names.parked(name), { 'lynchpin-from': queue });
  if (message.fields.redelivered) {
    if (replyTo === undefined) return move(names.dead, { 'lynchpin-reason': 'MAYBE_EXECUTED' });
    reply('error', { code: 'MAYBE_EXECUTED' });
    return channel.ack(message);
  }
  const body = JSON.parse(message.content.toString()) as { reference: string };
  note({ kind: 'handling', reference: body.reference, method, version, body });
  await pause(Math.random() * 4);
  note({ kind: 'handled', reference: body.reference, method, outcome: 'returned' });
  const newest = versions.filter((candidate) => Number(candidate.split('.')[1]) <= Number(accept.split('.')[1])).at(-1) ?? version;
  reply(`ok@${newest}`, { reference: body.reference });
  channel.ack(message);
}

async function revive(): Promise<void> {
  while (!stopping) {
    try {
      return await serve();
    } catch {
      await pause(50);
    }
  }
}

process.once('SIGTERM', () => {
  stopping = true;
  note({ kind: 'stopping' });
  void session?.leave().then(leave);
});
await serve();
note({ kind: 'ready' });
