import { deepEqual, equal, ok, rejects } from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ChannelModel, connect } from 'amqplib';
import { type SharedRabbit, sharedRabbit } from '../../support/rabbitmq/index.js';
import { Proxy, readWireJournals, type WireEntry, WIRE_SUFFIX } from './index.js';

describe('a proxy between a process and the broker', () => {
  let broker: SharedRabbit;
  let directory: string;
  let proxy: Proxy;
  let connections: ChannelModel[];

  before(async function () {
    broker = await sharedRabbit(this);
  });
  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'proxy-'));
    const { hostname, port } = new URL(broker.url);
    proxy = await Proxy.open({ host: hostname, port: Number(port), journal: join(directory, `server-1.1${WIRE_SUFFIX}`) });
    connections = [];
  });
  afterEach(async () => {
    await disconnect();
    await proxy.close();
    rmSync(directory, { recursive: true });
  });

  async function open(): Promise<ChannelModel> {
    const url = new URL(broker.url);
    url.port = String(proxy.port);
    const connection = await connect(url.href, { noDelay: true });
    connection.on('error', () => {});
    connections.push(connection);
    return connection;
  }

  async function disconnect(): Promise<void> {
    await Promise.all(connections.map((connection) => connection.close().catch(() => {})));
    connections = [];
  }

  async function wire(): Promise<readonly WireEntry[]> {
    await disconnect();
    await proxy.close();
    return readWireJournals(directory)[0]!.entries;
  }

  it('writes down what both sides said', async () => {
    const channel = await (await open()).createConfirmChannel();
    const { queue } = await channel.assertQueue('', { exclusive: true });
    const got = new Promise((resolve) => void channel.consume(queue, (message) => resolve(message && channel.ack(message))));
    channel.sendToQueue(queue, Buffer.from('{"reference":"a-1"}'), {
      type: 'place@1.2;1.4',
      messageId: 'id-1',
      expiration: 9_000,
      headers: { deep: { list: [1, -2, 'three', true, null, 1.5, 2 ** 40] } },
    });
    await channel.waitForConfirms();
    await got;
    channel.publish('', 'nobody-there', Buffer.alloc(0), { messageId: 'id-2', mandatory: true });
    await once(channel, 'return');
    await channel.close();
    await connections[0]!.close();
    const entries = (await wire()).filter(({ kind }) => kind !== 'declared');
    const published = entries.find((entry) => entry.kind === 'published');
    deepEqual(published?.message, {
      exchange: '',
      key: queue,
      type: 'place@1.2;1.4',
      id: 'id-1',
      expiration: 9_000,
      headers: { deep: { list: [1, -2, 'three', true, null, 1.5, 2 ** 40] } },
      reference: 'a-1',
      body: '{"reference":"a-1"}',
    });
    const delivered = entries.find((entry) => entry.kind === 'delivered');
    deepEqual([delivered?.queue, delivered?.redelivered, delivered?.message.reference], [queue, false, 'a-1']);
    deepEqual(
      entries.flatMap((entry) => (entry.kind === 'accepted' ? entry.ids : [])),
      ['id-1', 'id-2'],
    );
    deepEqual(
      entries.flatMap((entry) => (entry.kind === 'acked' ? entry.tags : [])),
      [1],
    );
    equal(entries.find((entry) => entry.kind === 'bounced')?.message.id, 'id-2');
    deepEqual(
      entries.slice(-2).map((entry) => [entry.kind, 'clean' in entry ? entry.clean : '']),
      [
        ['channel-closed', ''],
        ['lost', true],
      ],
    );
  });

  it('follows many messages whose frames are split anywhere', async () => {
    const channel = await (await open()).createConfirmChannel();
    const { queue } = await channel.assertQueue('', { exclusive: true });
    let last = 0;
    const all = new Promise<void>(
      (resolve) =>
        void channel.consume(queue, (message) => {
          last += 1;
          if (message !== null && last % 10 === 0) channel.ack(message, true);
          if (last === 300) resolve();
        }),
    );
    for (let index = 0; index < 300; index += 1)
      channel.sendToQueue(queue, Buffer.from(JSON.stringify({ reference: `a-${index}`, padding: 'x'.repeat(index * 20) })), {
        messageId: `id-${index}`,
      });
    await all;
    await channel.waitForConfirms();
    await connections[0]!.close();
    const entries = await wire();
    const references = entries.flatMap((entry) => (entry.kind === 'delivered' ? [entry.message.reference] : []));
    deepEqual(
      references,
      Array.from({ length: 300 }, (_, index) => `a-${index}`),
    );
    equal(entries.flatMap((entry) => (entry.kind === 'acked' ? entry.tags : [])).length, 300);
    equal(new Set(entries.flatMap((entry) => (entry.kind === 'accepted' ? entry.ids : []))).size, 300);
  });

  it('tells a message put back from one thrown away, and a fetched one from a consumed one', async () => {
    const channel = await (await open()).createChannel();
    const { queue } = await channel.assertQueue('', { exclusive: true });
    for (const id of ['a', 'b']) channel.sendToQueue(queue, Buffer.from(id), { messageId: id });
    const first = await channel.get(queue);
    ok(first !== false);
    channel.nack(first, false, true);
    const again = await channel.get(queue);
    ok(again !== false);
    channel.nack(again, false, false);
    const second = await channel.get(queue);
    ok(second !== false);
    channel.reject(second, false);
    equal(await channel.get(queue), false);
    const kinds = (await wire()).flatMap((entry) =>
      entry.kind === 'delivered' ? [`${entry.message.id}${entry.redelivered ? ' again' : ''}`] : 'tags' in entry ? [entry.kind] : [],
    );
    deepEqual(kinds, ['a', 'requeued', 'a again', 'refused', 'b', 'refused']);
  });

  it('cuts what is there and lets new connections through; refuses them until it is mended', async () => {
    const first = await open();
    const closed = new Promise((resolve) => first.once('close', resolve));
    proxy.cut();
    await closed;
    await open();
    proxy.refuse();
    await rejects(open());
    proxy.mend();
    await open();
  });

  it('holds everything back while it stalls, and loses nothing', async () => {
    const channel = await (await open()).createChannel();
    const { queue } = await channel.assertQueue('', { exclusive: true });
    proxy.stall();
    const answer = channel.checkQueue(queue);
    equal(await Promise.race([answer, new Promise((resolve) => setTimeout(resolve, 100))]), undefined);
    proxy.mend();
    equal((await answer).queue, queue);
  });

  it('leaves the process in the dark while it is half open', async () => {
    const connection = await open();
    const channel = await connection.createChannel();
    channel.on('error', () => {});
    let closed = false;
    const end = new Promise((resolve) => connection.once('close', resolve)).then(() => (closed = true));
    proxy.halfOpen();
    const answer = channel.assertQueue('', { exclusive: true }).catch(() => 'broken');
    equal(await Promise.race([answer, new Promise((resolve) => setTimeout(resolve, 100))]), undefined);
    equal(closed, false);
    proxy.mend();
    await end;
    equal(await answer, 'broken');
  });

  it('delays both ways and keeps the order', async () => {
    const channel = await (await open()).createChannel();
    proxy.delay(60);
    const begun = performance.now();
    const { queue } = await channel.assertQueue('', { exclusive: true });
    ok(performance.now() - begun >= 115);
    for (let index = 0; index < 20; index += 1) channel.sendToQueue(queue, Buffer.from(String(index)));
    proxy.mend();
    const got: string[] = [];
    await new Promise<void>(
      (resolve) =>
        void channel.consume(
          queue,
          (message) => {
            got.push(String(message?.content));
            if (got.length === 20) resolve();
          },
          { noAck: true },
        ),
    );
    deepEqual(
      got,
      Array.from({ length: 20 }, (_, index) => String(index)),
    );
  });
});
