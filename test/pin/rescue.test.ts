import assert from 'node:assert/strict';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import fc from 'fast-check';
import { MemoryHub, namesOf, type Broker, type Delivery } from '#lynchpin/broker/index.js';
import { machineClock, rescueLane, type RescueEvent } from '#lynchpin/pin/index.js';
import { Scene } from './support/negotiating.js';
import { convert, ids, rescuer, rescuing, strand } from './support/rescuing.js';
import { until, untilPin } from './support/until.js';

const SEED = 20_260_117;
const NAMES = namesOf('volume');

describe('rescue, on the memory broker,', () => {
  let hub: MemoryHub;
  let scene: Scene;

  beforeEach(() => {
    hub = new MemoryHub();
    scene = new Scene({ connect: async () => hub.connect({ countTimeout: 100, backoff: { first: 10, most: 50 } }), names: () => NAMES });
  });

  afterEach(() => scene.close());

  rescuing(() => scene);

  /** Strands messages, breaks the presence queue of their version in each way that a queue can fail, and answers what is left. */
  async function leftWhileUnknown(through?: (broker: Broker) => Broker): Promise<number | undefined> {
    await strand(await scene.broker(), NAMES, '3.4', ids(3));
    await scene.member('volume-1', '3.2');
    const { rescue, pins } = await rescuer(scene, { grace: 0 }, through);
    await pins.check();
    for (const ailment of ['down', 'forbidden', 'timeout'] as const) {
      hub.ail(NAMES.rollAt('3.4'), ailment);
      await rescue.run();
      hub.heal(NAMES.rollAt('3.4'));
    }
    await rescue.close();
    return hub.facts(NAMES.lane('3.4'))?.ready;
  }

  it('waits while it cannot be known whether anybody reads a lane', async () => {
    assert.equal(await leftWhileUnknown(), 3);
  });

  it('waits anew for readers that were there since it last looked', async () => {
    let later = 0;
    const clock = { ...machineClock, now: () => later, spread: () => 0 };
    await scene.member('volume-1', '3.2');
    const { rescue, broker } = await rescuer(scene, { grace: 0, every: 3_600_000, clock });
    await rescue.run();
    const young = await scene.member('volume-2', '3.4');
    later = 20_000;
    await young.leave();
    await strand(broker, NAMES, '3.4', ids(3), 'newMethod');
    await rescue.run();
    assert.deepEqual([hub.facts(NAMES.lane('3.4'))?.ready, hub.facts(NAMES.dead)?.ready ?? 0], [3, 0]);
    // A pass that is under way is joined, so the second of two is sure to have begun after the clock was set.
    const at = async (time: number): Promise<void> => {
      later = time;
      await rescue.run();
      await rescue.run();
    };
    for (const time of [20_900, 22_000, 24_000, 26_000, 28_000, 29_900]) await at(time);
    assert.equal(hub.facts(NAMES.lane('3.4'))?.ready, 3, 'within its patience');
    await at(31_000);
    assert.deepEqual([hub.facts(NAMES.lane('3.4'))?.ready, hub.facts(NAMES.dead)?.ready], [0, 3]);
  });

  it('does not count the time for which the pin was at the version', async () => {
    let later = 0;
    const clock = { ...machineClock, now: () => later, spread: () => 0 };
    const old = await scene.member('volume-1', '3.2');
    // The lane is there from the beginning: one that is missing is not asked for again for half a minute.
    await strand(await scene.broker(), NAMES, '3.4', []);
    const { rescue, pins, broker } = await rescuer(scene, { grace: 0, every: 3_600_000, clock }, undefined, 100);
    await rescue.run();
    const young = await scene.member('volume-2', '3.4');
    await old.leave();
    await untilPin(pins, ({ version }) => version === '3.4');
    for (later = 0; later <= 20_000; later += 2_000) await rescue.run();
    await young.leave();
    await scene.member('volume-3', '3.2');
    await untilPin(pins, ({ version }) => version === '3.2');
    await strand(broker, NAMES, '3.4', ids(3), 'newMethod');
    await rescue.run();
    await rescue.run();
    assert.deepEqual([hub.facts(NAMES.lane('3.4'))?.ready, hub.facts(NAMES.dead)?.ready ?? 0], [3, 0]);
  });

  it('a rescue that takes unknown for nobody is seen', async () => {
    const left = await leftWhileUnknown(guessing);
    assert.equal(left, 0);
  });

  it('tells how it goes', async () => {
    const events: RescueEvent[] = [];
    const listen = (message: unknown): number => events.push(message as RescueEvent);
    subscribe('lynchpin:rescue', listen);
    try {
      await strand(await scene.broker(), NAMES, '3.4', ids(20));
      await scene.member('volume-1', '3.2');
      await rescuer(scene);
      await until('it has finished', () => events.some(({ phase }) => phase === 'finished'));
    } finally {
      unsubscribe('lynchpin:rescue', listen);
    }
    assert.equal(events[0]?.phase, 'started');
    assert.equal(events.at(-1)?.moved, 20);
    assert(events.filter(({ phase }) => phase === 'progress').length >= 2, 'in batches');
  });

  it('puts a message back, unstarted, when the lane that is read cannot take it', async () => {
    const broker = await scene.broker();
    await strand(broker, NAMES, '3.4', ids(3));
    await strand(broker, NAMES, '3.2', []);
    hub.ail(NAMES.lane('3.2'), 'down');
    const counts = await rescueLane(run(broker, 3));
    assert.deepEqual(counts, { moved: 0, kept: 3, dead: 0, refused: 0 });
    const tap = await broker.openTap();
    assert.equal((await tap.get(NAMES.lane('3.4')))?.redelivered, false);
    await tap.close();
  });

  it('is done again by others when the process that does it is cut off at any point', async () => {
    await fc.assert(
      fc.asyncProperty(deaths, async (death) => assert.deepEqual(await faults(death, (broker) => broker), [])),
      { seed: SEED, numRuns: 40 },
    );
  });

  it('a rescue that acknowledges before it has published loses messages, and this is seen', async () => {
    const early = (broker: Broker): Broker => tapped(broker, async (tap, message) => tap.ack(message));
    const seen = await fc.check(
      fc.asyncProperty(deaths, async (death) => assert.deepEqual(await faults(death, early), [])),
      { seed: SEED, numRuns: 40 },
    );
    assert(seen.failed);
  });

  it('a rescue that forgets that a message was delivered before is seen too', async () => {
    const forgetful = (broker: Broker): Broker =>
      new Proxy(broker, {
        get: (target, name) =>
          name === 'publish'
            ? (message: Parameters<Broker['publish']>[0], signal?: AbortSignal) => target.publish({ ...message, headers: {} }, signal)
            : bound(target, name),
      });
    const seen = await fc.check(
      fc.asyncProperty(deaths, async (death) => assert.deepEqual(await faults(death, forgetful), [])),
      { seed: SEED, numRuns: 40 },
    );
    assert(seen.failed);
  });
});

/** A broker that says that nobody is there when it does not know. */
function guessing(broker: Broker): Broker {
  return new Proxy(broker, {
    get: (target, name) =>
      name !== 'count'
        ? bound(target, name)
        : async (queue: string) => {
            const count = await target.count(queue);
            return count.known || count.reason === 'missing' ? count : { known: true, ready: 0, consumers: 0 };
          },
  });
}

/** After how many operations of its broker a rescuer is cut off, and how many messages there are. */
const deaths = fc.record({ after: fc.integer({ min: 1, max: 60 }), count: fc.integer({ min: 1, max: 20 }) });

const run = (broker: Broker, most: number, signal = new AbortController().signal) =>
  ({
    broker,
    names: NAMES,
    from: '3.4',
    to: '3.2',
    convert,
    forGood: true,
    callLife: 5_000,
    most,
    goOn: async () => true,
    signal,
  }) as const;

/** Lets one rescuer be cut off, another finish, and answers what is wrong with where the messages stand then. */
async function faults({ after, count }: { after: number; count: number }, flaw: (broker: Broker) => Broker): Promise<string[]> {
  const hub = new MemoryHub();
  const [first, second] = [hub.connect(), hub.connect()];
  try {
    await strand(second, NAMES, '3.4', ids(count));
    await strand(second, NAMES, '3.2', []);
    const abort = new AbortController();
    let operations = 0;
    const step = (): void => {
      if (++operations !== after) return;
      hub.isolate(first);
      abort.abort();
    };
    const mortal: Broker = new Proxy(first, {
      get: (target, name) => {
        if (name === 'publish') return (...args: Parameters<Broker['publish']>) => (step(), target.publish(...args));
        return bound(target, name);
      },
    });
    const stepping = tapped(mortal, async () => undefined, step);
    await rescueLane(run(flaw(stepping), count, abort.signal)).catch(() => undefined);
    await until('the hub has noticed', () => hub.facts(NAMES.lane('3.4'))?.unacknowledged === 0);
    await rescueLane(run(flaw(second), count));
    const tap = await second.openTap();
    const copies: Delivery[] = [];
    for (let copy = await tap.get(NAMES.lane('3.2')); copy !== undefined; copy = await tap.get(NAMES.lane('3.2'))) copies.push(copy);
    await tap.close();
    return ids(count).flatMap((id) => {
      const mine = copies.filter(({ messageId }) => messageId === id);
      if (mine.length === 0) return [`${id} is lost`];
      const unmarked = mine.filter(({ headers }) => headers?.['lynchpin-redelivered'] !== true);
      return unmarked.length > 1 ? [`${id} stands there ${mine.length} times, as if each were the first`] : [];
    });
  } finally {
    await Promise.all([first.close({ timeout: 10 }), second.close()]);
  }
}

/** A broker whose taps do something more after each message that they get. */
function tapped(
  broker: Broker,
  onGet: (tap: Awaited<ReturnType<Broker['openTap']>>, message: Delivery) => Promise<void>,
  step: () => void = () => undefined,
): Broker {
  return new Proxy(broker, {
    get(target, name) {
      if (name !== 'openTap') return bound(target, name);
      return async () => {
        const tap = await target.openTap();
        let early = false;
        return {
          get: async (queue: string) => {
            step();
            const message = await tap.get(queue);
            if (message !== undefined) {
              await onGet(
                {
                  ...tap,
                  ack: (delivery) => ((early = true), tap.ack(delivery)),
                  get: (other) => tap.get(other),
                  close: () => tap.close(),
                },
                message,
              );
            }
            return message;
          },
          ack: async (delivery: Delivery) => {
            step();
            if (!early) await tap.ack(delivery);
          },
          close: () => tap.close(),
        };
      };
    },
  });
}

function bound(target: Broker, name: string | symbol): unknown {
  const value: unknown = Reflect.get(target, name);
  return typeof value === 'function' ? (value.bind(target) as unknown) : value;
}
