import { MemoryHub } from 'lynchpin';
import { enact } from '../actor/index.js';
import { type House, standingOn } from './house.js';

/** Everything in this one process, on the memory broker; each server and client has a connection of its own to it. */
export function memoryHouse(): House {
  const hub = new MemoryHub('demo');
  return {
    kind: 'memory',
    enact: (part, tell) => enact(part, hub, tell),
    standing: async () =>
      hub.queues.map((queue) => standingOn(queue, hub.facts(queue)?.ready ?? 0)).filter((standing) => standing !== undefined),
    close: async () => {},
  };
}
