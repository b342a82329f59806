import assert from 'node:assert/strict';
import { connect as dial, type Channel, type ChannelModel } from 'amqplib';
import { connect, LynchpinError, UnknownServiceError, type Bus, type RpcClient } from 'lynchpin';
import { namesOf, type TopicNames } from '#lynchpin/broker/index.js';
import { sharedRabbit } from '../support/rabbitmq/index.js';
import { HostileApi, Refused } from './support/contract.js';
import { Random } from './support/random.js';

const seed = Number(process.env['LYNCHPIN_SEED'] ?? Date.now() % 1_000_000_000);
const CALLS = 1_000;

const TYPES = [
  'ok@2.0',
  'ok@2.1',
  'ok@9.9',
  'ok@',
  'ok',
  'error',
  'error',
  'error',
  'unreadable@2.0-2.0',
  'unreadable@9.0-9.9',
  'unreadable@0.1-0.2',
  'unreadable@x',
  '__proto__',
  '',
  undefined,
];
const BODIES = [
  '',
  '{',
  'null',
  '[]',
  '1',
  '"text"',
  '{"__proto__":{"polluted":true}}',
  '{"error":{"name":{"toString":1},"message":{"toString":1}}}',
  '{"error":{"name":"Refused","message":"m"}}',
  '{"error":{"name":"__proto__","message":"m","data":{}}}',
  '{"error":{"name":"constructor","message":"m"}}',
  '{"error":[]}',
  '{"error":null}',
  '{"code":"__proto__","message":"m"}',
  '{"code":"toString","message":"m","details":1}',
  '{"code":"INVALID","message":"m","details":{"constructor":1}}',
  '{"code":1,"message":2}',
  '{"name":1}',
  `${'['.repeat(20_000)}`,
  `{"name":"n","branches":${'['.repeat(3_000)}${']'.repeat(3_000)}}`,
];

describe(`a client under hostile answers and notices (seed ${seed}: LYNCHPIN_SEED repeats it)`, function () {
  this.timeout(30_000);
  const random = new Random(seed);
  let names: TopicNames;
  let hostile: ChannelModel;
  let channel: Channel;
  let bus: Bus;
  let client: RpcClient<HostileApi>;

  before(async function () {
    const { url, namespace } = await sharedRabbit(this);
    const space = namespace();
    names = namesOf('hostile', space);
    bus = await connect(url, { namespace: space, name: 'honest' });
    client = await bus.client(HostileApi, { timeout: 3_000 });
    hostile = await dial(url);
    channel = await hostile.createChannel();
    await channel.assertQueue(names.lane('2.0'), { durable: true, arguments: { 'x-queue-type': 'classic' } });
    await channel.assertExchange(names.exchange, 'direct', { durable: true });
    await channel.bindQueue(names.lane('2.0'), names.exchange, '2.0');
    // A server that answers whatever comes into its head, to the one who asks, under his id and under others.
    await channel.consume(
      names.lane('2.0'),
      (message) => {
        const { replyTo, messageId } = message?.properties ?? {};
        for (const correlationId of [`${random.below(1e6)}`, '__proto__', undefined, messageId as string]) {
          const type = random.pick(TYPES);
          const appId = random.pick(['liar', 'a b', '__proto__', undefined]);
          channel.publish('', replyTo as string, Buffer.from(random.pick(BODIES)), {
            ...(type === undefined ? {} : { type }),
            ...(correlationId === undefined ? {} : { correlationId }),
            ...(appId === undefined ? {} : { appId }),
          });
        }
      },
      { noAck: true },
    );
  });

  after(async () => {
    await bus.close({ timeout: 500 });
    await hostile.close();
  });

  it('settles each call with a value or a typed error', async () => {
    const sides = [() => client.call.ask({ text: 'x' }), () => client.call.grow({ text: 'x' }), () => client.call.refuse({ text: 'x' })];
    const ends = await Promise.allSettled(Array.from({ length: CALLS }, () => random.pick(sides)()));
    for (const end of ends) {
      if (end.status === 'fulfilled') continue;
      assert.ok(
        LynchpinError.is(end.reason) || end.reason instanceof Refused || end.reason instanceof UnknownServiceError,
        String(end.reason),
      );
      // The port was never lost over an answer, and no server waited for is taken for one that is gone.
      assert.ok(!LynchpinError.is(end.reason, 'CONNECTION'), String(end.reason));
    }
    assert.equal('polluted' in {}, false);
  });

  it('bears rubbish in notices, and keeps no more names than there may be servers', async () => {
    for (let at = 0; at < CALLS; at++) {
      const type = random.pick(['joined', 'leaving', 'here', 'who', 'x']);
      const card = random.pick([
        { server: `s${at}`, floor: '2.0', version: '2.1' },
        { server: 'x'.repeat(5_000), floor: '2.0', version: '2.1' },
        { server: {}, floor: 1 },
        { server: '__proto__', floor: '2.0', version: '2.0', build: 'b'.repeat(5_000) },
        null,
        [],
      ]);
      channel.publish(names.notices, '', random.below(4) === 0 ? random.bytes(40) : Buffer.from(JSON.stringify(card)), { type });
    }
    await channel.checkExchange('amq.direct');
    const end = await client.call.ask({ text: 'x' }).catch((error: unknown) => error);
    assert.ok(typeof end === 'string' || end instanceof Error);
    assert.ok(client.pin.by.length <= CALLS);
    for (const { server, build } of client.pin.by) assert.ok(server.length <= 100 && (build?.length ?? 0) <= 200);
    assert.equal(client.pin.version, '2.0');
  });
});
