import assert from 'node:assert/strict';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { MemoryHub, namesOf, type Ailment, type Broker } from '#lynchpin/broker/index.js';
import { LynchpinError } from '#lynchpin/errors/index.js';
import { machineClock, negotiate, type Clock, type PinEvent } from '#lynchpin/pin/index.js';
import { CONTROL, encodeCard } from '#lynchpin/rpc/index.js';
import { negotiating, Scene, type Ground } from './support/negotiating.js';
import { LINE } from './support/readings.js';
import { record, until, untilPin } from './support/until.js';

const DAY = 86_400_000;

/** The machine's clock, so many times as fast. */
const faster = (times: number): Clock => ({
  ...machineClock,
  now: () => machineClock.now() * times,
  after: (milliseconds, run, options) => machineClock.after(milliseconds / times, run, options),
});

class MemoryGround implements Ground {
  readonly hub = new MemoryHub();

  async connect(): Promise<Broker> {
    return this.hub.connect({ countTimeout: 100, backoff: { first: 10, most: 50 } });
  }

  names() {
    return namesOf('volume');
  }
}

describe('a pin, on the memory broker,', () => {
  let ground: MemoryGround;
  let scene: Scene;

  beforeEach(() => {
    ground = new MemoryGround();
    scene = new Scene(ground);
  });

  afterEach(() => scene.close());

  negotiating(() => scene);

  it('is there within its bound even when nothing can be known', async () => {
    const broker = await scene.broker();
    ground.hub.isolate(broker);
    const from = performance.now();
    const pins = negotiate({ broker, names: scene.names, line: LINE }, { negotiateWithin: 300 });
    const pin = await pins.negotiated;
    await pins.close();
    assert(performance.now() - from < 1_000);
    assert.equal(`${pin.state} ${pin.version} ${pin.readers}`, 'unknown 3.0 undefined');
  });

  /** What a held pin goes through while queues of its census fail in each way that they can. */
  async function throughAilments(
    ailments: readonly (readonly [Ailment, string])[],
    through: (broker: Broker) => Broker,
  ): Promise<readonly string[]> {
    await scene.member('volume-1', '3.2');
    await scene.member('volume-2', '3.4');
    const pins = negotiate({ broker: through(await scene.broker()), names: scene.names, line: LINE }, { settle: 100 });
    scene.later(() => pins.close());
    await pins.negotiated;
    const seen = record(pins);
    for (const [ailment, queue] of ailments) {
      ground.hub.ail(queue, ailment);
      // Time for a second look at it, too.
      for (const wait of [260, 130]) await new Promise((resolve) => setTimeout(resolve, wait)).then(() => pins.check());
      ground.hub.heal(queue);
    }
    return seen;
  }

  it('is not moved by a node that is down, a right that is missing, or a census that does not answer', async () => {
    const { roll } = scene.names;
    const [old, young] = [scene.names.rollAt('3.2'), scene.names.rollAt('3.4')];
    const ailments = [
      ['forbidden', roll],
      ['timeout', roll],
      ['down', young],
      ['down', roll],
      ['down', old],
    ] as const;
    const seen = await throughAilments(ailments, (broker) => broker);
    assert(
      seen.every((step) => step.endsWith(' 3.2')),
      seen.join(', '),
    );
  });

  it('a census that guesses what it does not know is seen to move it', async () => {
    const seen = await throughAilments([['forbidden', scene.names.roll]], (broker) =>
      replacing(broker, 'count', async (queue: string) => {
        const count = await broker.count(queue);
        return count.known || count.reason === 'missing' ? count : { known: true, ready: 0, consumers: queue === scene.names.roll ? 1 : 0 };
      }),
    );
    assert(!seen.every((step) => step.endsWith(' 3.2')), seen.join(', '));
  });

  it('a server whose connection is cut off for good stops holding it', async () => {
    const old = await scene.member('volume-1', '3.2');
    await scene.member('volume-2', '3.4');
    const pins = await scene.client({ settle: 500 });
    await pins.negotiated;
    const from = performance.now();
    ground.hub.isolate(old.broker);
    await untilPin(pins, ({ state }) => state === 'released', 4_000);
    assert(performance.now() - from <= 3_500);
  });

  /** What a held pin goes through while the broker restarts and the old server comes back late. */
  async function throughRestart(settle: number, rounds: number): Promise<readonly string[]> {
    const old = await scene.member('volume-1', '3.2');
    await scene.member('volume-2', '3.4');
    const pins = await scene.client({ settle });
    await pins.negotiated;
    const seen = record(pins);
    for (let round = 0; round < rounds; round++) {
      ground.hub.isolate(old.broker);
      ground.hub.restart();
      await untilPin(pins, ({ readers }) => readers === 1);
      await new Promise((resolve) => setTimeout(resolve, 260)).then(() => pins.check());
      ground.hub.rejoin(old.broker);
      await until('everyone is back', () => ground.hub.facts(scene.names.roll)?.consumers === 2);
      await untilPin(pins, ({ readers }) => readers !== 1);
    }
    return seen;
  }

  it('a restart of the broker and the return of everyone releases nothing', async () => {
    const seen = await throughRestart(2_000, 2);
    assert(
      seen.every((step) => step.endsWith(' 3.2')),
      seen.join(', '),
    );
  });

  it('nor where the quiet time would be over before everyone is back', async () => {
    const seen = await throughRestart(1, 2);
    assert(
      seen.every((step) => step.endsWith(' 3.2')),
      seen.join(', '),
    );
  });

  it('waits for nobody longer than half a minute', async () => {
    const old = await scene.member('volume-1', '3.2');
    await scene.member('volume-2', '3.4');
    const pins = await scene.client({ settle: 1, clock: faster(40) });
    await pins.negotiated;
    ground.hub.isolate(old.broker);
    const from = performance.now();
    ground.hub.restart();
    await untilPin(pins, ({ state }) => state === 'released');
    assert(performance.now() - from >= 30_000 / 40);
  });

  it('says how many servers are not back yet', async () => {
    const old = await scene.member('volume-1', '3.2');
    await scene.member('volume-2', '3.4');
    const pins = await scene.client({ settle: 1 });
    await pins.negotiated;
    ground.hub.isolate(old.broker);
    ground.hub.restart();
    await untilPin(pins, ({ why }) => why.includes('1 server of those that were there'));
    ground.hub.rejoin(old.broker);
    await untilPin(pins, ({ why }) => !why.includes('of those that were there'));
  });

  it('a reconnection starts the quiet time anew', async () => {
    const old = await scene.member('volume-1', '3.2');
    await scene.member('volume-2', '3.4');
    const broker = await scene.broker();
    const pins = negotiate({ broker, names: scene.names, line: LINE }, { settle: 1_000 });
    await pins.negotiated;
    await old.leave();
    await untilPin(pins, ({ state }) => state === 'settling');
    await new Promise((resolve) => setTimeout(resolve, 600));
    ground.hub.cut(broker);
    const from = performance.now();
    await untilPin(pins, ({ state }) => state === 'released');
    assert(performance.now() - from >= 1_000);
    await pins.close();
  });

  /** How long a release takes while the wall clock jumps by a day, in ms. */
  async function releaseAcross(shift: number, clock: Clock, within = 3_400): Promise<number> {
    const RealDate = Date;
    const old = await scene.member('volume-1', '3.2');
    const young = await scene.member('volume-2', '3.4');
    const pins = await scene.client({ settle: 400, clock });
    await pins.negotiated;
    const from = performance.now();
    await old.leave();
    await untilPin(pins, ({ state }) => state === 'settling');
    try {
      globalThis.Date = class extends RealDate {
        constructor() {
          super(RealDate.now() + shift);
        }
        static override now(): number {
          return RealDate.now() + shift;
        }
      } as DateConstructor;
      await untilPin(pins, ({ state }) => state === 'released', within);
    } finally {
      globalThis.Date = RealDate;
      await young.leave();
      await pins.close();
    }
    return performance.now() - from;
  }

  it('a wall clock that jumps by a day either way changes nothing', async () => {
    for (const shift of [DAY, -DAY]) {
      const took = await releaseAcross(shift, machineClock);
      assert(took >= 400 && took <= 3_400, `it took ${took} ms`);
    }
  });

  it('a pin that went by the wall clock would not be released', async () => {
    await assert.rejects(releaseAcross(-DAY, { ...machineClock, now: () => Date.now() }, 2_000), (error) =>
      LynchpinError.is(error, 'TIMEOUT'),
    );
  });

  it('a storm of notices brings one look a second', async () => {
    await scene.member('volume-1', '3.2');
    const broker = await scene.broker();
    let looks = 0;
    const counting = replacing(broker, 'count', (queue: string) => {
      if (queue === scene.names.roll) looks++;
      return broker.count(queue);
    });
    const pins = negotiate({ broker: counting, names: scene.names, line: LINE });
    await pins.negotiated;
    looks = 0;
    const from = performance.now();
    const body = encodeCard({ server: 'volume-9', floor: '3.0', version: '3.2' });
    for (let notice = 0; notice < 500; notice++)
      await broker.publish({ exchange: scene.names.notices, routingKey: '', type: CONTROL.joined, body });
    await until('some looks were taken', () => performance.now() - from > 2_500);
    // The roll is read twice a look.
    assert(looks >= 2 && looks <= 8, `${looks} counts of the roll`);
    await pins.close();
  });

  it('answers checks of the same moment by one look, and counts what is asked about', async () => {
    await scene.member('volume-1', '3.2');
    await scene.member('volume-2', '3.4');
    const pins = await scene.client({ settle: 60_000 });
    await pins.negotiated;
    assert.equal(pins.readersOf('3.2'), 2);
    pins.readersOf('3.4');
    await new Promise((resolve) => setTimeout(resolve, 260));
    await Promise.all([pins.check(), pins.check()]);
    assert.equal(pins.readersOf('3.4'), 1);
  });

  it('is capped by hand, by a release too, and rises after the cap is taken away', async () => {
    await scene.member('volume-1', '3.4');
    const pins = await scene.client({ pin: '2025.1', releases: { '2025.1': '3.2', '2025.2': '3.4' }, settle: 200 });
    const pin = await pins.negotiated;
    assert.equal(`${pin.state} ${pin.version}`, 'capped 3.2');
    assert.match(pin.why, /2025\.1/);
    pins.cap(undefined);
    await untilPin(pins, ({ state }) => state === 'released');
    pins.cap('3.1');
    assert.equal(`${pins.current.state} ${pins.current.version}`, 'capped 3.1');
  });

  it('says on the diagnostics channel when it changes', async () => {
    const events: PinEvent[] = [];
    const listen = (message: unknown): number => events.push(message as PinEvent);
    subscribe('lynchpin:pin', listen);
    try {
      await scene.member('volume-1', '3.4');
      await (await scene.client()).negotiated;
    } finally {
      unsubscribe('lynchpin:pin', listen);
    }
    assert.deepEqual(
      events.map(({ topic, now, before }) => [topic, before.state, now.state]),
      [['volume', 'unknown', 'released']],
    );
  });

  it('one that looks too seldom would be late', async () => {
    const old = await scene.member('volume-1', '3.2');
    await scene.member('volume-2', '3.4');
    const lazy: Clock = { ...machineClock, after: (ms, run, options) => machineClock.after(ms * 8, run, options) };
    const pins = await scene.client({ settle: 400, clock: lazy });
    await pins.negotiated;
    await old.leave();
    await assert.rejects(
      untilPin(pins, ({ state }) => state === 'released', 2_500),
      (error) => LynchpinError.is(error, 'TIMEOUT'),
    );
  });

  it('decides by the clock that it is given', async () => {
    const old = await scene.member('volume-1', '3.2');
    await scene.member('volume-2', '3.4');
    const fast: Clock = {
      ...machineClock,
      now: () => performance.now() * 20,
      after: (ms, run, options) => machineClock.after(ms / 20, run, options),
    };
    const pins = await scene.client({ settle: 10_000, clock: fast });
    await pins.negotiated;
    await old.leave();
    await untilPin(pins, ({ state }) => state === 'released', 2_000);
  });
});

/** A broker with one of its methods replaced. */
function replacing<Name extends 'count'>(broker: Broker, method: Name, by: Broker[Name]): Broker {
  return new Proxy(broker, {
    get(target, name) {
      if (name === method) return by;
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}
