import assert from 'node:assert/strict';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { MemoryHub, namesOf, type Broker } from '#lynchpin/broker/index.js';
import { machineClock, negotiate, type Clock, type PinEvent } from '#lynchpin/pin/index.js';
import { CONTROL, encodeCard } from '#lynchpin/rpc/index.js';
import { negotiating, Scene, type Ground } from './support/negotiating.js';
import { LINE } from './support/readings.js';
import { record, until, untilPin } from './support/until.js';

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
    ground.hub.stop();
    const pins = await scene.client({ negotiateWithin: 300 });
    const from = performance.now();
    const pin = await pins.negotiated;
    assert(performance.now() - from < 1_000);
    assert.equal(`${pin.state} ${pin.version} ${pin.readers}`, 'unknown 3.0 undefined');
  });

  it('is not raised by a node that is down, a right that is missing, or a census that does not answer', async () => {
    const old = await scene.member('volume-1', '3.2');
    const young = await scene.member('volume-2', '3.4');
    const pins = await scene.client({ settle: 100 });
    await pins.negotiated;
    const seen = record(pins);
    for (const ailment of ['forbidden', 'timeout', 'down'] as const) {
      for (const queue of [scene.names.roll, scene.names.rollAt('3.2'), scene.names.rollAt('3.4')]) {
        ground.hub.ail(queue, ailment);
        await new Promise((resolve) => setTimeout(resolve, 260)).then(() => pins.check());
        ground.hub.heal(queue);
      }
    }
    assert(
      seen.every((step) => step.endsWith(' 3.2')),
      seen.join(', '),
    );
    await old.leave();
    await young.leave();
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

  it('a restart of the broker and the return of everyone releases nothing', async () => {
    await scene.member('volume-1', '3.2');
    await scene.member('volume-2', '3.4');
    const pins = await scene.client({ settle: 600 });
    await pins.negotiated;
    const seen = record(pins);
    for (let round = 0; round < 3; round++) {
      ground.hub.restart();
      await until('everyone is back', () => ground.hub.facts(scene.names.roll)?.consumers === 2);
      await untilPin(pins, ({ readers }) => readers === 2);
    }
    assert.deepEqual(seen, ['held 3.2']);
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

  it('a wall clock that jumps by a day either way changes nothing', async () => {
    const RealDate = Date;
    const day = 86_400_000;
    for (const shift of [day, -day]) {
      const old = await scene.member('volume-1', '3.2');
      const young = await scene.member('volume-2', '3.4');
      const pins = await scene.client({ settle: 700 });
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
        await untilPin(pins, ({ state }) => state === 'released');
      } finally {
        globalThis.Date = RealDate;
      }
      const took = performance.now() - from;
      assert(took >= 700 && took <= 3_700, `it took ${took} ms`);
      await young.leave();
      await pins.close();
    }
  });

  it('a storm of notices brings one look a second', async () => {
    await scene.member('volume-1', '3.2');
    const broker = await scene.broker();
    let looks = 0;
    const counting = new Proxy(broker, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]) => {
          if (name === 'count' && args[0] === scene.names.roll) looks++;
          return Reflect.apply(value, target, args) as unknown;
        };
      },
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
