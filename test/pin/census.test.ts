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
});
