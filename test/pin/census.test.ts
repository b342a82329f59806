import assert from 'node:assert/strict';
import { MemoryHub } from 'lynchpin';
import { namesOf, type Broker, type Count } from '#lynchpin/broker/index.js';
import { Census, machineClock } from '#lynchpin/pin/index.js';
import { Line } from '#lynchpin/versions/index.js';
import { Member } from './support/member.js';

const names = namesOf('volume');
const LINE = Line.between('VolumeApi', '3.0', '3.4');

/** A broker on which something happens the first time that a queue is counted. */
function happening(broker: Broker, on: string, what: () => Promise<unknown>): Broker {
  let due = true;
  const count = async (queue: string): Promise<Count> => {
    if (queue === on && due) {
      due = false;
      await what();
    }
    return broker.count(queue);
  };
  return new Proxy(broker, {
    get: (target, name) => {
      if (name === 'count') return count;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

/** A broker, and the queues that it was asked to count. */
function counting(broker: Broker): { readonly broker: Broker; readonly asked: readonly string[] } {
  const asked: string[] = [];
  const count = (queue: string): Promise<Count> => {
    asked.push(queue);
    return broker.count(queue);
  };
  const proxy = new Proxy(broker, {
    get: (target, name) => {
      if (name === 'count') return count;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
  return { broker: proxy, asked };
}

describe('a census', () => {
  let hub: MemoryHub;
  const ends: (() => Promise<unknown>)[] = [];
  beforeEach(() => {
    hub = new MemoryHub();
  });
  afterEach(async () => {
    for (const end of ends.splice(0).toReversed()) await end();
  });

  const connect = (): Broker => {
    const broker = hub.connect();
    ends.push(() => broker.close());
    return broker;
  };
  const join = async (server: string): Promise<void> => {
    const member = await Member.join(connect(), names, { ...window, server });
    ends.push(() => member.leave());
  };
  const window = { floor: '3.0', version: '3.4', silent: true } as const;

  it('that a joining server has torn is taken anew: no version seems to be read by more than the others', async () => {
    await join('volume-1');
    const broker = happening(connect(), names.rollAt('3.3'), () => join('volume-2'));
    const reading = await new Census(broker, names, LINE, machineClock).look({ pinned: undefined });
    assert.deepEqual(reading, { known: true, servers: 2, readers: new Map(LINE.versions.map((version) => [version, 2])) });
  });

  it('that stays torn is believed in the end: somebody is counted on a version and not on the roll', async () => {
    await join('volume-1');
    const broker = connect();
    const stranger = await broker.openIntake(() => {});
    await stranger.consume(names.rollAt('3.2'), { prefetch: 1 }, () => {});
    const reading = await new Census(broker, names, LINE, machineClock).look({ pinned: undefined });
    assert.deepEqual(reading.known && [reading.servers, reading.readers.get('3.2'), reading.readers.get('3.4')], [1, 2, 1]);
  });

  it('while nothing is going on is a glance at the roll, nine times of ten', async () => {
    await join('volume-1');
    const { broker, asked } = counting(connect());
    const census = new Census(broker, names, LINE, machineClock);
    const look = { pinned: '3.2', calm: true } as const;
    const costs: number[] = [];
    for (let at = 0; at < 12; at++) {
      const before = asked.length;
      assert.deepEqual(await census.look(look), { known: true, servers: 1, readers: new Map(LINE.versions.map((one) => [one, 1])) });
      costs.push(asked.length - before);
    }
    assert.deepEqual(costs, [7, 1, 1, 1, 1, 1, 1, 1, 1, 1, 7, 1]);
  });

  it('looks at everything as soon as the roll has changed, when it is asked to, and after it was told to forget', async () => {
    await join('volume-1');
    const { broker, asked } = counting(connect());
    const census = new Census(broker, names, LINE, machineClock);
    await census.look({ pinned: '3.2', calm: true });
    await join('volume-2');
    const reading = await census.look({ pinned: '3.2', calm: true });
    assert.equal(reading.known && reading.servers, 2);
    for (const [calm, forget] of [
      [false, false],
      [true, true],
    ]) {
      const before = asked.length;
      if (forget) census.forget();
      await census.look({ pinned: '3.2', calm: calm ?? false });
      assert.equal(asked.length - before, 7);
    }
  });
});
