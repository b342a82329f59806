import assert from 'node:assert/strict';
import { Fleet } from 'lynchpin';
import { fleetNamesOf, namesOf, openBroker, type Broker } from '#lynchpin/broker/index.js';
import type { FleetParts } from '#lynchpin/fleet/index.js';
import { machineClock, TopicLedger } from '#lynchpin/pin/index.js';
import { until } from '../../pin/support/until.js';
import * as newer from '../../rpc/fixtures/new.js';
import { NewService } from '../../rpc/fixtures/services.js';
import { world, type World } from '../../rpc/world.js';
import { sharedRabbit } from '../../support/rabbitmq/index.js';

describe('pruning on RabbitMQ', function () {
  this.timeout(60_000);
  let here: World;
  let broker: Broker;
  let ledger: TopicLedger;
  let fleet: Fleet;
  before(async () => void (await sharedRabbit(this.ctx)));
  beforeEach(async () => {
    here = await world('amqp');
    const { url } = await sharedRabbit();
    broker = await openBroker(url);
    const namespace = here.names.exchange.replace('.volume', '');
    ledger = new TopicLedger(broker, 'volume', here.names.ledger);
    const parts: FleetParts = {
      broker,
      namespace,
      names: fleetNamesOf(namespace),
      topic: (topic) => namesOf(topic, namespace),
      ledger: () => ledger,
      author: 'ada',
      // For whom ten seconds are a fifth of one.
      clock: { ...machineClock, now: () => performance.now() * 50 },
    };
    fleet = new Fleet(parts);
  });
  afterEach(async () => {
    await here.close();
    await ledger.close();
    await broker.close();
  });

  it('takes nothing of a server that is leaving with a message in hand, which is in no count', async () => {
    const { bus, cut } = await here.line('volume-2');
    const service = new NewService('volume-2');
    const server = await bus.serve(newer.VolumeApi, service, { server: 'volume-2' });
    const volumes = await (await here.bus('api-1')).client(newer.VolumeApi);
    const long = volumes.at('volume-2').call.work({ text: 'long', ms: 60_000 }, { timeout: 60_000 });
    long.catch(() => undefined);
    await service.until((ran) => ran.length === 1);
    void server.drain({ timeout: 5_000 });
    const own = here.names.server('volume-2');
    await until('it consumes no more', async () => {
      const count = await broker.count(own);
      return count.known && count.consumers === 0;
    });
    assert.deepEqual(await broker.count(own), { known: true, ready: 0, consumers: 0 });
    assert.deepEqual(await fleet.prune('volume', { apply: true }), []);
    cut();
    await until('the message is back', async () => {
      const count = await broker.count(own);
      return count.known && count.ready === 1;
    });
  });

  it('takes classic queues, and leaves a quorum queue as it was, since none can be deleted on a condition', async () => {
    const young = await here.bus('volume-2', { lanes: 'quorum' });
    await young.serve(newer.VolumeApi, new NewService('volume-2'), { server: 'volume-2' });
    await young.close();
    const pruned = await fleet.prune('volume', { apply: true });
    for (const { queue, kind, deleted } of pruned) {
      assert.equal(deleted, kind !== 'lane', queue);
      assert.equal((await broker.count(queue)).known, kind === 'lane', queue);
    }
    assert.equal(pruned.length, 11);
    const message = { exchange: here.names.exchange, routingKey: '3.4', body: Buffer.from('{}'), persistent: true };
    assert.equal(await broker.publish(message), 'confirmed', 'it is bound again');
  });
});
