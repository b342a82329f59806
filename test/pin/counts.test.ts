import assert from 'node:assert/strict';
import { MemoryHub, type Broker } from '#lynchpin/broker/index.js';
import { machineClock, QueueCounts, type Clock } from '#lynchpin/pin/index.js';

describe('counting queues', () => {
  let hub: MemoryHub;
  let broker: Broker;
  let asked: number;
  let counting: Broker;
  let now: number;
  let clock: Clock;

  beforeEach(() => {
    hub = new MemoryHub();
    broker = hub.connect({ countTimeout: 10 });
    asked = 0;
    now = 0;
    clock = { ...machineClock, now: () => now, spread: () => 0.5 };
    counting = new Proxy(broker, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]) => {
          if (name === 'count') asked++;
          return Reflect.apply(value, target, args) as unknown;
        };
      },
    });
  });

  afterEach(() => broker.close());

  it('a queue that is missing is asked for ever more seldom, not again and again', async () => {
    const counts = new QueueCounts(counting, clock, { first: 1_000, most: 8_000 });
    for (now = 0; now < 60_000; now += 100) assert.deepEqual(await counts.count('none'), { known: false, reason: 'missing' });
    assert(asked >= 8 && asked <= 12, `asked ${asked} times`);
  });

  it('one that is declared then is counted from then on', async () => {
    const counts = new QueueCounts(counting, clock);
    for (let look = 0; look < 3; look++)
      assert.deepEqual(await counts.count('roll', { type: 'classic' }), { known: true, ready: 0, consumers: 0 });
    assert.deepEqual(hub.queues, ['roll']);
  });

  it('a right that is missing, or a node that is down, is unknown, and so is what is answered meanwhile', async () => {
    await broker.ensureQueue('roll');
    const counts = new QueueCounts(counting, clock);
    for (const ailment of ['forbidden', 'down'] as const) {
      hub.ail('roll', ailment);
      assert.deepEqual(await counts.count('roll'), { known: false, reason: ailment });
      hub.heal('roll');
      assert.deepEqual(await counts.count('roll'), { known: false, reason: ailment });
      counts.forget();
      assert.equal((await counts.count('roll')).known, true);
    }
  });

  it('an answer that did not come is asked for again at once', async () => {
    await broker.ensureQueue('roll');
    const counts = new QueueCounts(counting, clock);
    hub.ail('roll', 'timeout');
    assert.deepEqual(await counts.count('roll'), { known: false, reason: 'timeout' });
    hub.heal('roll');
    assert.equal((await counts.count('roll')).known, true);
  });
});
