import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findPrograms } from './binary.js';
import { Epmd } from './epmd.js';
import { RabbitNode, type RabbitOptions } from './node.js';

/** Nodes on loopback that form one cluster. */
export interface RabbitCluster {
  readonly nodes: readonly RabbitNode[];
  stop(): Promise<void>;
}

/** Starts a cluster of private nodes, the first one first. `stop()` it. */
export async function startCluster(size: 2 | 3, options: RabbitOptions = {}): Promise<RabbitCluster> {
  const folder = await mkdtemp(join(tmpdir(), 'lynchpin-epmd-'));
  const epmd = await Epmd.start(findPrograms(), folder);
  const mark = randomBytes(4).toString('hex');
  const names = Array.from({ length: size }, (_, index) => `${options.prefix ?? 'lynchpin'}-${mark}-${index + 1}@localhost`);
  const cookie = randomBytes(16).toString('hex').toUpperCase();
  const nodes: RabbitNode[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(nodes.map((node) => node.stop()));
    await epmd.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    for (const name of names) nodes.push(await RabbitNode.prepare(options, { epmd, cookie }, name));
    await Promise.all(nodes.map((node) => node.start()));
    const [first, ...others] = nodes;
    await first?.ctl('await_startup');
    // One after the other and by command: a node that looks for the others by itself goes on alone when it does not find them in time.
    for (const node of others) await node.join(names[0] ?? '');
    const members = (await first?.ctl('cluster_status', '--formatter', 'json')) ?? '';
    if (!names.every((name) => members.includes(name))) throw new Error(`the nodes did not form one cluster: ${members}`);
  } catch (error) {
    await stop();
    throw error;
  }
  return { nodes, stop };
}
