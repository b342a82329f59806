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
    // The first looks for nobody, each other for itself and those before it: a node waits for every one that it looks for.
    for (const [index, name] of names.entries())
      nodes.push(await RabbitNode.prepare(options, { epmd, cookie, names: index === 0 ? [] : names.slice(0, index + 1) }, name));
    for (const node of nodes) await node.start();
    const first = nodes[0];
    const members = first === undefined ? '' : await first.ctl('cluster_status', '--formatter', 'json');
    if (!names.every((name) => members.includes(name))) throw new Error(`the nodes did not form one cluster: ${members}`);
  } catch (error) {
    await stop();
    throw error;
  }
  return { nodes, stop };
}
