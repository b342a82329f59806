import assert from 'node:assert/strict';
import { type Broker, type LogEntry, MemoryHub, openBroker } from '#lynchpin/broker/index.js';
import { logFailure } from '#lynchpin/broker/amqp/log-reader.js';
import { saysNoStreams } from '#lynchpin/broker/amqp/logs.js';
import { LynchpinError } from '#lynchpin/errors/index.js';
import { Collected, message } from '../conformance/ground.js';
import { sharedNode, sharedRabbit, type SharedRabbit } from '../support/rabbitmq/index.js';
import { Raw } from './raw.js';

const NAME = 'lynchpin.volume.ledger';

/** A refusal as the client library reports it. */
function refusal(code: number, text: string): Error {
  return Object.assign(new Error(`Operation failed: QueueDeclare; ${code} (X) with message "${text}"`), { code });
}

describe('the log of the memory broker', () => {
  let hub: MemoryHub;
  let broker: Broker;
  beforeEach(async () => {
    hub = new MemoryHub();
    broker = await openBroker(hub);
    await broker.ensureLog(NAME);
  });
  afterEach(() => broker.close({ timeout: 0 }));

  it('waits while its node is down, ends its readers, and takes once what waited', async () => {
    const lost = new Collected<Error>();
    await broker.openLog(NAME, 'first', { onEntry: () => {}, onLost: lost.add });
    hub.ail(NAME, 'down');
    assert.ok(LynchpinError.is((await lost.first(1))[0], 'CONNECTION'));
    const connection = (error: unknown): boolean => LynchpinError.is(error, 'CONNECTION');
    await assert.rejects(broker.openLog(NAME, 'first', { onEntry: () => {}, onLost: () => {} }), connection);
    await assert.rejects(broker.ensureLog(NAME), connection);
    let settled = false;
    const waiting = broker.publish(message(NAME, 'x', { messageId: 'a' })).finally(() => (settled = true));
    const enough = new Error('enough');
    await assert.rejects(broker.publish(message(NAME), AbortSignal.abort(enough)), enough);
    await broker.count(NAME);
    assert.equal(settled, false);
    hub.heal(NAME);
    assert.equal(await waiting, 'confirmed');
    const entries = new Collected<LogEntry>();
    await broker.openLog(NAME, 'first', { onEntry: entries.add, onLost: () => {} });
    assert.deepEqual(
      entries.items.map(({ messageId }) => messageId),
      ['a'],
    );
  });

  it('is refused to an account that may not read it', async () => {
    hub.ail(NAME, 'forbidden');
    const forbidden = (error: unknown): boolean => LynchpinError.is(error, 'FORBIDDEN');
    await assert.rejects(broker.ensureLog(NAME), forbidden);
    await assert.rejects(broker.openLog(NAME, 'first', { onEntry: () => {}, onLost: () => {} }), forbidden);
  });

  it('is not there where the hub was made without logs, which is said and not thrown', async () => {
    const old = await openBroker(new MemoryHub('old', { logs: false }));
    const support = await old.ensureLog(NAME);
    assert.equal(support.supported, false);
    assert.equal(await old.publish(message(NAME)), 'returned');
    await old.close();
  });
});

describe('the log of the AMQP broker', () => {
  let rabbit: SharedRabbit;
  before(async function () {
    rabbit = await sharedRabbit(this);
  });

  it('takes a broker that does not know streams, or was not allowed them, for one without logs, and no other refusal', () => {
    const without = [
      refusal(406, `PRECONDITION_FAILED - invalid arg 'x-queue-type' for queue '${NAME}' in vhost '/': "unsupported queue type 'stream'"`),
      refusal(541, `INTERNAL_ERROR - Cannot declare a queue of type 'rabbit_stream_queue': the corresponding feature flag is disabled`),
      refusal(540, 'NOT_IMPLEMENTED - queue type stream'),
    ];
    for (const error of without) assert.ok(saysNoStreams(error), error.message);
    const others = [
      refusal(406, `PRECONDITION_FAILED - inequivalent arg 'x-queue-type' for queue '${NAME}': received 'stream' but current is 'classic'`),
      refusal(403, 'ACCESS_REFUSED - access refused'),
      refusal(541, 'INTERNAL_ERROR'),
      new Error('Channel ended, no reply will be forthcoming'),
    ];
    for (const error of others) assert.ok(!saysNoStreams(error), error.message);
  });

  it('says which refusals another try may mend', () => {
    const codes = [
      refusal(404, `NOT_FOUND - no queue '${NAME}' in vhost '/'`),
      refusal(406, `PRECONDITION_FAILED - queue 'queue '${NAME}' in vhost '/'' does not have a replica on the local node`),
      refusal(
        406,
        `PRECONDITION_FAILED - invalid arg 'x-stream-offset' for queue '${NAME}' in vhost '/' of queue type rabbit_classic_queue`,
      ),
      refusal(403, `ACCESS_REFUSED - access to queue '${NAME}' in vhost '/' refused for user 'volume'`),
    ].map((error) => logFailure(error, 'amqp://', NAME).code);
    assert.deepEqual(codes, ['CONNECTION', 'CONNECTION', 'PROTOCOL', 'FORBIDDEN']);
  });

  it('uses a stream that was made otherwise, and leaves the other connections alone', async () => {
    const raw = await Raw.connect(rabbit.url);
    const name = `${rabbit.namespace()}.ledger`;
    const channel = await raw.channel();
    await channel.assertQueue(name, { durable: true, arguments: { 'x-queue-type': 'stream', 'x-max-age': '1Y' } });
    const broker = await openBroker(rabbit.url);
    assert.deepEqual(await broker.ensureLog(name), { supported: true });
    assert.equal(await broker.publish(message(name)), 'confirmed');
    await broker.deleteQueue(name);
    await broker.close();
    await raw.close();
  });

  it('needs the right to create it once, and to read it, and says which one is missing', async () => {
    const node = await sharedNode();
    if (node === undefined) return; // Somebody else's broker: its accounts are not ours to make.
    const name = `${rabbit.namespace()}.ledger`;
    const owner = await openBroker(rabbit.url);
    // One command for all: each starts an Erlang node of its own.
    const [pattern, root] = [`^${name.replaceAll('.', '\\\\.')}$`, '<<"test">>'];
    await node.ctl(
      'eval',
      `rabbit_auth_backend_internal:add_user(<<"${name}">>, <<"secret">>, ${root}),
       rabbit_auth_backend_internal:set_permissions(<<"${name}">>, <<"/">>, <<"^$">>, <<".*">>, <<"${pattern}">>, ${root}).`,
    );
    const limited = await openBroker(rabbit.url.replace('guest:guest', `${name}:secret`));
    const forbidden = (error: unknown): boolean => LynchpinError.is(error, 'FORBIDDEN');
    await assert.rejects(limited.ensureLog(name), forbidden);
    await owner.ensureLog(name);
    assert.deepEqual(await limited.ensureLog(name), { supported: true });
    assert.equal(await limited.publish(message(name)), 'confirmed');
    await owner.ensureLog(`${name}.other`);
    await assert.rejects(limited.ensureLog(`${name}.other`), forbidden);
    await assert.rejects(limited.openLog(`${name}.other`, 'first', { onEntry: () => {}, onLost: () => {} }), forbidden);
    assert.equal(limited.state, 'up');
    await limited.close();
    for (const log of [name, `${name}.other`]) await owner.deleteQueue(log);
    await node.ctl('eval', `rabbit_auth_backend_internal:delete_user(<<"${name}">>, ${root}).`);
    await owner.close();
  });
});
