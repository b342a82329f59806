import assert from 'node:assert/strict';
import { connect, type Bus } from 'lynchpin';
import { AmqpBroker } from '#lynchpin/broker/amqp/index.js';
import { namesOf, type Broker } from '#lynchpin/broker/index.js';
import { TopicLedger } from '#lynchpin/pin/index.js';
import * as older from '../rpc/fixtures/old.js';
import { OldService } from '../rpc/fixtures/services.js';
import { sharedRabbit } from '../support/rabbitmq/index.js';

describe('a ledger on RabbitMQ that somebody deletes', function () {
  this.timeout(60_000);
  const buses: Bus[] = [];
  let broker: Broker | undefined;
  let ledger: TopicLedger | undefined;

  after(async () => {
    await ledger?.close();
    await broker?.close();
    await Promise.all(buses.map((bus) => bus.close()));
  });

  it('is joined anew by all who were members, although nobody starts and nothing is said', async function () {
    const rabbit = await sharedRabbit(this);
    this.timeout(60_000);
    const namespace = rabbit.namespace();
    const names = namesOf('volume', namespace);
    const bus = async (name: string): Promise<Bus> => {
      const made = await connect(rabbit.url, { name, namespace });
      buses.push(made);
      return made;
    };
    const server = await (await bus('one')).serve(older.VolumeApi, new OldService('volume-1'), { server: 'volume-1' });
    const volumes = await (await bus('two')).client(older.VolumeApi);
    broker = await AmqpBroker.open(rabbit.url);
    const watched = (ledger = new TopicLedger(broker, 'volume', names.ledger));
    await watched.ready(AbortSignal.timeout(10_000));
    await look(() => watched.state.members.length === 2);
    await broker.deleteQueue(names.ledger);
    assert.equal(await volumes.call.work({ text: 'hello' }), 'volume-1: hello');
    await look(() => watched.state.members.length === 2 && watched.state.members.every(({ incarnation }) => incarnation === 2));
    await look(() => server.state === 'serving');
  });
});

async function look(condition: () => boolean): Promise<void> {
  const begun = performance.now();
  while (!condition()) {
    assert.ok(performance.now() - begun < 40_000, `it did not come to pass: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
