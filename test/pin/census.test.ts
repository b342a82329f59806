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
  const window = { floor: '3.0', version: '3.4', silent: true } as const;

  it('that a joining server has torn is taken anew: no version seems to be read by more than the others', async () => {
    const hub = new MemoryHub();
    const first = await Member.join(hub.connect(), names, { ...window, server: 'volume-1' });
    const joining: Member[] = [];
    const broker = happening(hub.connect(), names.rollAt('3.3'), async () => {
      joining.push(await Member.join(hub.connect(), names, { ...window, server: 'volume-2' }));
    });
    const reading = await new Census(broker, names, LINE, machineClock).look({ pinned: undefined });
    assert.deepEqual(reading, { known: true, servers: 2, readers: new Map(LINE.versions.map((version) => [version, 2])) });
    for (const member of [first, ...joining]) {
      await member.leave();
      await member.broker.close();
    }
    await broker.close();
  });

  it('that stays torn is believed in the end: somebody is counted on a version and not on the roll', async () => {
    const hub = new MemoryHub();
    const first = await Member.join(hub.connect(), names, { ...window, server: 'volume-1' });
    const broker = hub.connect();
    const stranger = await broker.openIntake(() => {});
    await stranger.consume(names.rollAt('3.2'), { prefetch: 1 }, () => {});
    const reading = await new Census(broker, names, LINE, machineClock).look({ pinned: undefined });
    assert.deepEqual(reading.known && [reading.servers, reading.readers.get('3.2'), reading.readers.get('3.4')], [1, 2, 1]);
    await stranger.close();
    await first.leave();
    await first.broker.close();
    await broker.close();
  });
});
