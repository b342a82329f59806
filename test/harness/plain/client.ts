// A client of the lanes in the small, on nothing but amqplib: what the harness is tried on.
import { setTimeout as pause } from 'node:timers/promises';
import { type Channel, type ChannelModel, type ConfirmChannel, connect } from 'amqplib';
import { type Compose, Load, type Request } from '../load/index.js';
import { assignment, leave, note, onCommand } from '../process/inside.js';
import { declareTopic, namesOf, versionsOf } from './topology.js';

const { window, url, settings } = assignment;
const settle = Number(settings['settle'] ?? 1_000);
const names = namesOf(String(settings['topic']));
const versions = versionsOf(window);
let pin = window.floor;
let link:
  | { readonly connection: ChannelModel; readonly port: Channel; readonly sure: ConfirmChannel; readonly lost: Promise<false> }
  | undefined;
let stopping = false;
const pending = new Map<string, { resolve(body: unknown): void; reject(error: Error): void }>();

class CodedError extends Error {
  constructor(readonly code: string) {
    super(code);
  }
}

async function open(): Promise<void> {
  const connection = await connect(`${url}?heartbeat=5`, { noDelay: true });
  connection.on('error', () => {});
  const port = await connection.createChannel();
  const sure = await connection.createConfirmChannel();
  for (const channel of [port, sure]) channel.on('error', () => {});
  await declareTopic(sure, names, window);
  await port.consume(
    'amq.rabbitmq.reply-to',
    (message) => {
      if (message === null) return;
      const caller = pending.get(String(message.properties.correlationId));
      const body = JSON.parse(message.content.toString()) as { code?: string };
      if (message.properties.type === 'error') caller?.reject(new CodedError(body.code ?? 'PROTOCOL'));
      else caller?.resolve(body);
    },
    { noAck: true },
  );
  const lost = new Promise<false>((resolve) => sure.once('close', () => resolve(false)));
  // Not before: what breaks on the way here is tried again by whoever called.
  connection.on('close', () => void reopen());
  link = { connection, port, sure, lost };
}

async function reopen(): Promise<void> {
  link = undefined;
  for (const { reject } of pending.values()) reject(new CodedError('CONNECTION'));
  while (!stopping && link === undefined) await open().catch(() => pause(50));
}

async function send({ form, method, body, timeout }: Request): Promise<unknown> {
  const id = `${body.reference}-id`;
  const content = Buffer.from(JSON.stringify(body));
  const type = `${method}@${pin};${window.version}`;
  if (form === 'call') {
    if (link === undefined) throw new CodedError('CONNECTION');
    link.port.publish(names.exchange, pin, content, {
      type,
      messageId: id,
      replyTo: 'amq.rabbitmq.reply-to',
      expiration: timeout,
      mandatory: true,
    });
    const timer = setTimeout(() => pending.get(id)?.reject(new CodedError('TIMEOUT')), timeout);
    return new Promise((resolve, reject) => pending.set(id, { resolve, reject })).finally(() => {
      clearTimeout(timer);
      pending.delete(id);
    });
  }
  for (;;) {
    const confirmed = link !== undefined && (await Promise.race([link.lost, publish(link.sure, form, type, id, content)]));
    if (confirmed) return undefined;
    await pause(20);
  }
}

function publish(channel: ConfirmChannel, form: Request['form'], type: string, id: string, content: Buffer): Promise<boolean> {
  const [exchange, key] = form === 'fanout' ? [names.fanout, ''] : [names.exchange, pin];
  return new Promise((resolve) => {
    try {
      channel.publish(exchange, key, content, { type, messageId: id, persistent: true }, (error) => resolve(error === null));
    } catch {
      resolve(false);
    }
  });
}

/** How many consume a queue; `undefined` when that cannot be known now. */
async function count(queue: string): Promise<number | undefined> {
  return link?.sure.checkQueue(queue).then(
    ({ consumerCount }) => consumerCount,
    () => undefined,
  );
}

async function watch(): Promise<void> {
  let calm = { version: '', since: 0 };
  while (!stopping) {
    await pause(25);
    const counts = new Map<string, number | undefined>();
    for (const version of versions) counts.set(version, await count(names.rollAt(version)));
    const roll = await count(names.roll);
    if (roll === undefined || roll === 0 || [...counts.values()].includes(undefined)) {
      calm = { version: '', since: 0 };
      continue;
    }
    const common = versions.filter((version) => counts.get(version)! >= roll).at(-1) ?? window.floor;
    if (common !== calm.version) calm = { version: common, since: performance.now() };
    if (common < pin || (common > pin && performance.now() - calm.since >= settle)) move(common);
  }
}

function move(version: string): void {
  pin = version;
  note({ kind: 'pin', version, state: version === window.version ? 'released' : 'held' });
}

const compose: Compose = (reference, count) => {
  const form = (['call', 'call', 'cast', 'call', 'cast', 'call', 'call', 'fanout'] as const)[count % 8]!;
  return { form, method: { call: 'place', cast: 'ship', fanout: 'refresh' }[form], body: { reference, count }, timeout: 4_000 };
};

const load = new Load(send, compose);
onCommand('load', ({ parallel }: { parallel: number }) => load.start(parallel));
onCommand('after', ({ messages, patience }: { messages: number; patience: number }) => load.after(messages, patience));
onCommand('quiet', () => load.quiet());
process.once('SIGTERM', () => {
  stopping = true;
  note({ kind: 'stopping' });
  void load
    .quiet()
    .then(() => link?.connection.close())
    .then(leave);
});
await open();
move(window.floor);
void watch();
note({ kind: 'ready' });
