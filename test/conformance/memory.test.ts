import { randomBytes } from 'node:crypto';
import { MemoryHub } from '#lynchpin/broker/index.js';
import { consuming } from './consuming.js';
import type { BreakableGround } from './ground.js';
import { keepingLogs, log } from './log.js';
import { breaking, losing } from './losing.js';
import { ports } from './ports.js';
import { publishing } from './publishing.js';
import { topology } from './topology.js';

describe('the memory broker keeps its promises:', () => {
  const hub = new MemoryHub();
  const ground: BreakableGround = {
    open: async (options) => hub.connect(options),
    cut: (broker) => hub.cut(broker),
    prefix: () => `t${randomBytes(6).toString('hex')}`,
    restart: async () => hub.restart(),
    block: async () => hub.block(),
    unblock: async () => hub.unblock(),
  };
  publishing(() => ground);
  topology(() => ground);
  consuming(() => ground);
  ports(() => ground);
  losing(() => ground);
  log(() => ground);
  breaking(() => ground);
  keepingLogs(() => ground);
});
