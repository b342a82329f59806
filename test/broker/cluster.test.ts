import assert from 'node:assert/strict';
import { type Broker, openBroker } from '#lynchpin/broker/index.js';
import { LynchpinError } from '#lynchpin/errors/index.js';
import { intakeOf, message, until } from '../conformance/ground.js';
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
    await there.close();
    assert.deepEqual(await broker.count('volume@3.2'), { known: true, ready: 0, consumers: 0 });
    assert.equal(await broker.publish(message('volume@3.2', 'x', { persistent: true })), 'confirmed');
    const { intake, lost } = await intakeOf(broker);
    await intake.consume('volume@3.2', { prefetch: 1 }, () => {});
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
    assert.equal(broker.state, 'up');
    await home.start();
    const back = await until(
      () => broker.count('volume@3.2'),
      (count) => count.known,
    );
    assert.deepEqual(back, { known: true, ready: 1, consumers: 0 });
  });
});
