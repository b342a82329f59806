import assert from 'node:assert/strict';
import { type Broker, openBroker } from '#lynchpin/broker/index.js';
import { LynchpinError } from '#lynchpin/errors/index.js';
import { intakeOf, message, until } from '../conformance/ground.js';
import { Raw } from './raw.js';
import { type RabbitCluster, startCluster } from '../support/rabbitmq/index.js';

/** A queue whose node is down is there, and not missing: what tells the two apart needs two nodes. */
describe('a queue whose node is down', () => {
  let cluster: RabbitCluster;
  let broker: Broker;
  before(async function () {
    this.timeout(300_000);
    cluster = await startCluster(2);
    broker = await openBroker(cluster.nodes[0]?.url ?? '');
  });
  after(async () => {
    await broker?.close();
    await cluster?.stop();
  });

  it('is unknown, is not created again, takes nothing, and ends those who consume it', async function () {
    this.timeout(60_000);
    const home = cluster.nodes[1] ?? assert.fail();
    const there = await openBroker(home.url);
    await there.ensureQueue('volume@3.2');
    await there.ensureLog('volume.ledger');
    await there.close();
    assert.deepEqual(await broker.count('volume@3.2'), { known: true, ready: 0, consumers: 0 });
    assert.equal(await broker.publish(message('volume@3.2', 'x', { persistent: true })), 'confirmed');
    const { intake, lost } = await intakeOf(broker);
    await intake.consume('volume@3.2', { prefetch: 1 }, () => {});
    const raw = await Raw.connect(home.url);
    const single = { 'x-queue-type': 'stream', 'x-initial-cluster-size': 1 };
    await (await raw.channel()).assertQueue('lonely.ledger', { durable: true, arguments: single });
    await raw.close();
    // A stream is read from the node that one is connected to, and only if that has a copy.
    await assert.rejects(broker.openLog('lonely.ledger', 'first', { onEntry: () => {}, onLost: () => {} }), (error) =>
      LynchpinError.is(error, 'CONNECTION'),
    );
    assert.deepEqual(await broker.ensureLog('volume.ledger'), { supported: true });
    assert.equal(await broker.publish(message('volume.ledger')), 'confirmed');
    await home.kill();
    await lost.first(1);
    const down = { known: false, reason: 'down' };
    await until(
      () => broker.count('volume@3.2'),
      (count) => !count.known,
    );
    assert.deepEqual(await broker.count('volume@3.2'), down);
    assert.deepEqual(await broker.ensureQueue('volume@3.2'), down);
    assert.equal(await broker.publish(message('volume@3.2', 'x', { persistent: true })), 'returned');
    const next = await intakeOf(broker);
    await assert.rejects(
      next.intake.consume('volume@3.2', { prefetch: 1 }, () => {}),
      (error) => LynchpinError.is(error, 'CONNECTION'),
    );
    // One of two copies is no majority: an entry is neither taken nor refused, and nothing else suffers.
    const patience = AbortSignal.timeout(500);
    await assert.rejects(broker.publish(message('volume.ledger'), patience), patience.reason as Error | undefined);
    assert.equal(broker.state, 'up');
    await home.start();
    const back = await until(
      () => broker.count('volume@3.2'),
      (count) => count.known,
    );
    assert.deepEqual(back, { known: true, ready: 1, consumers: 0 });
  });
});
