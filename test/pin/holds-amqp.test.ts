import assert from 'node:assert/strict';
import { namesOf, openBroker, type Broker, type TopicNames } from '#lynchpin/broker/index.js';
import { HoldsQueue } from '#lynchpin/pin/holds-queue.js';
import { entryBody, type Entry, type LedgerState } from '#lynchpin/pin/index.js';
import type { Version } from '#lynchpin/versions/index.js';
import { sharedRabbit } from '../support/rabbitmq/index.js';
import { hold, release } from './ledger/support/entries.js';
import { until } from './support/until.js';

describe('the queue of holds, on RabbitMQ,', function () {
  this.timeout(30_000);
  let url: string;
  let names: TopicNames;
  const brokers: Broker[] = [];
  const queues: HoldsQueue[] = [];

  before(async function () {
    ({ url } = await sharedRabbit(this));
  });
  beforeEach(async () => {
    names = namesOf('volume', (await sharedRabbit()).namespace());
  });
  afterEach(async () => {
    for (const queue of queues.splice(0)) queue.close();
    await Promise.all(brokers.splice(0).map((broker) => broker.close({ timeout: 200 })));
  });

  async function open(onRead: (state: LedgerState) => void = () => undefined): Promise<HoldsQueue> {
    const broker = await openBroker(url);
    brokers.push(broker);
    const queue = new HoldsQueue(broker, names, onRead);
    queues.push(queue);
    return queue;
  }
  const patience = (): AbortSignal => AbortSignal.timeout(15_000);
  const write = (queue: HoldsQueue, entry: Entry): Promise<LedgerState> => queue.append(entry, entryBody(entry), patience());
  const held = ({ holds }: LedgerState): (Version | undefined)[] => holds.map(({ until: most }) => most);

  it('is read whole by ten at once, and nothing is taken off or left behind', async () => {
    const writer = await open();
    await write(writer, hold('a', '3.1'));
    await write(writer, hold('b', '3.2'));
    const readers = await Promise.all(Array.from({ length: 10 }, () => open()));
    const start = performance.now();
    for (const state of await Promise.all(readers.map((reader) => reader.look(patience())))) assert.deepEqual(held(state), ['3.1', '3.2']);
    assert.ok(performance.now() - start < 10_000, 'they wait for one another, and not for long');
    const count = await (brokers[0] as Broker).count(names.holds);
    assert.deepEqual(count, { known: true, ready: 2, consumers: 0 });
  });

  it('is followed: a hold and its release come to a process that runs, by a notice', async () => {
    const states: LedgerState[] = [];
    const follower = await open((state) => states.push(state));
    void follower.follow();
    await until('it was read', () => follower.following);
    const writer = await open();
    await write(writer, hold('a', '3.2'));
    await until('the hold has come', () => states.some((state) => held(state)[0] === '3.2'));
    await write(writer, release('a'));
    await until('its release has come', () => states.at(-1)?.holds.length === 0);
  });
});
