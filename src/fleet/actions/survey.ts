import { isServerName, type Count } from '../../broker/index.js';
import { Census, machineClock } from '../../pin/index.js';
import type { Contract } from '../../rpc/index.js';
import { compareVersions, type Line, type Version } from '../../versions/index.js';
import { LynchpinError } from '../../errors/index.js';
import type { FleetParts } from '../parts.js';
import { history } from './history.js';
import { muster, type Muster } from './muster.js';
import type { LeftSeen, RescueFacts } from './rescue-plan.js';

/** What a survey found, and who was there. */
export interface Survey {
  readonly facts: RescueFacts;
  readonly muster: Muster;
}

/**
 * Looks where the messages of a topic stand, by counts alone: nothing is taken, nothing is marked.
 * @param gone the servers that will not come back.
 * @throws LynchpinError `NAME_IN_USE` when one of those is connected.
 */
export async function survey(parts: FleetParts, contract: Contract, gone: readonly string[], signal: AbortSignal): Promise<Survey> {
  const { topic, line } = contract;
  const names = parts.topic(topic);
  const there = await muster(parts, topic, signal);
  const versions = [...new Set([...line.versions, ...there.state.lanes])].sort(compareVersions);
  const to = await target(parts, topic, line);
  const lanes: RescueFacts['lanes'][number][] = [];
  for (const version of versions) {
    // One after the other: a queue that is missing costs the broker a channel.
    const [count, readers] = [await parts.broker.count(names.lane(version)), await readersOf(parts, topic, version)];
    lanes.push({ version, queue: names.lane(version), count, readers });
  }
  const left: LeftSeen[] = [];
  for (const server of await serversEver(parts, topic, there, gone)) {
    const [own, parked] = [await parts.broker.count(names.server(server)), await parts.broker.count(names.parked(server))];
    const is = whereIs(server, there, own, gone, topic);
    left.push({ server, kind: 'parked', queue: names.parked(server), count: parked, is });
    left.push({ server, kind: 'own', queue: names.server(server), count: own, is });
  }
  return { facts: { topic, to, knows: line.versions, lanes, left }, muster: there };
}

/** How many servers read a version; undefined where that cannot be known. A queue that was never made has no consumer. */
export async function readersOf({ broker, topic: namesOf }: FleetParts, topic: string, version: Version): Promise<number | undefined> {
  const count = await broker.count(namesOf(topic).rollAt(version));
  if (count.known) return count.consumers;
  return count.reason === 'missing' ? 0 : undefined;
}

/** The version that every live server reads, or the highest that any of them does. */
async function target({ broker, topic: namesOf }: FleetParts, topic: string, line: Line): Promise<Version | undefined> {
  const reading = await new Census(broker, namesOf(topic), line, machineClock).look({ pinned: undefined });
  if (!reading.known) return undefined;
  const read = (test: (readers: number) => boolean): Version | undefined =>
    line.versions.findLast((version) => test(reading.readers.get(version) ?? 0));
  return read((readers) => readers === reading.servers) ?? read((readers) => readers > 0);
}

/** Every name under which anybody has served the topic, as far as ledger and roll call know. */
export async function serversEver(
  parts: FleetParts,
  topic: string,
  { servers }: Pick<Muster, 'servers'>,
  more: readonly string[] = [],
): Promise<readonly string[]> {
  const joined = (await history(parts, topic)).flatMap(({ entry, author = '' }) =>
    entry?.kind === 'joined' && entry.role === 'server' ? [author] : [],
  );
  return [...new Set([...joined, ...servers.map(({ server }) => server), ...more])].filter(isServerName).sort();
}

function whereIs(server: string, { servers, silent, unknown }: Muster, own: Count, gone: readonly string[], topic: string): LeftSeen['is'] {
  const answers = servers.some((one) => one.server === server);
  const consumes = own.known && own.consumers > 0;
  const maybe = consumes || [...silent, ...unknown].some(({ role, author }) => role === 'server' && author === server);
  if (gone.includes(server) && (answers || maybe))
    throw new LynchpinError('NAME_IN_USE', `${server} is not gone: it is connected to ${topic}`, { topic, server });
  if (gone.includes(server)) return 'gone';
  return answers ? 'there' : maybe ? 'silent' : 'away';
}
