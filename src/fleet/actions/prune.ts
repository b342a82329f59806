import { LynchpinError } from '../../errors/index.js';
import { judgeLeft, machineClock, moveAll, versionsOf, type Clock, type Convert } from '../../pin/index.js';
import { pause } from '../../rpc/index.js';
import type { Version } from '../../versions/index.js';
import type { FleetParts } from '../parts.js';
import { alone } from './alone.js';
import { mustBeKnown } from './known.js';
import { muster, type Muster } from './muster.js';
import { planPrune, type PruneItem, type PruneSubject } from './prune-plan.js';
import { bounded, record, type ActionOptions } from './said.js';
import { serversEver } from './survey.js';

/** What became of a queue. */
export interface Pruned extends PruneItem {
  /** Whether it is deleted. */
  readonly deleted: boolean;
  /** How many messages were moved to the dead letters. */
  readonly buried: number;
}

/** How is pruned. */
export interface PruneOptions extends ActionOptions {
  /** Does it. Default: only says what would go. */
  readonly apply?: boolean;
  /** Only what is left of these servers. Default: of every server and version that is not there. */
  readonly servers?: readonly string[];
  /** Told before each queue that goes, and while it is waited. */
  readonly onProgress?: (doing: string) => void;
}

/**
 * How long nobody who could hold a message must have been there, in ms, before a queue goes: a connection that is lost gives its
 * messages back within this time, and they are seen.
 */
const GRACE = 10_000;
/** What a server was to have nobody else may run, in whatever version. */
const NOWHERE: Convert = () => ({ code: 'NO_SUCH_SERVER', reason: '' });
/** Between two looks at the clock, in ms. */
const PACE = 100;

/**
 * Collects what is left of servers that are gone and of versions that nobody reads or speaks: see `Fleet.prune`.
 */
export async function prune(parts: FleetParts, topic: string, options: PruneOptions = {}): Promise<readonly Pruned[]> {
  const { onProgress = () => undefined } = options;
  await mustBeKnown(parts, topic);
  const look = (): Promise<readonly PruneItem[]> =>
    bounded(`looking at ${topic}`, options, (signal) => seen(parts, topic, options, signal));
  if (options.apply !== true) return (await look()).map((item) => ({ ...item, deleted: false, buried: 0 }));
  return alone(parts, topic, async (lost) => {
    const buried = new Map<string, number>();
    const first = (await look()).filter(({ fate }) => fate !== 'leave');
    // Nothing new may come while it is looked at.
    for (const item of first) await unbind(parts, topic, item);
    try {
      for (const item of first) {
        if (item.fate !== 'bury') continue;
        onProgress(`moving what stands on ${item.queue}`);
        buried.set(item.queue, await bury(parts, topic, item, lost));
      }
      if (first.length > 0) await stayedAway(parts, first.length, onProgress, lost);
      // Who has come meanwhile, and what was given back, shows now.
      const items = await look();
      const gone = new Set<string>();
      for (const { queue, fate } of items) {
        if (fate !== 'delete' || !first.some((item) => item.queue === queue)) continue;
        lost.throwIfAborted();
        onProgress(`deleting ${queue}`);
        await bounded('the ledger', options, (signal) => record(parts, topic, { what: 'prune', target: queue }, options, signal));
        if (await parts.broker.deleteQueue(queue, { unused: true, empty: true })) gone.add(queue);
      }
      for (const item of first) if (!gone.has(item.queue)) await bind(parts, topic, item);
      return items.map((item): Pruned => {
        const deleted = gone.has(item.queue);
        const kept = item.fate === 'delete' && !deleted && first.some(({ queue }) => queue === item.queue);
        const why = kept
          ? 'the broker did not delete it: somebody uses it again, or it is a quorum queue, which cannot be deleted on a condition'
          : item.why;
        return { ...item, why, deleted, buried: buried.get(item.queue) ?? 0 };
      });
    } catch (error) {
      for (const item of first) await bind(parts, topic, item).catch(() => undefined);
      throw error;
    }
  });
}

/** Looks at every queue that the topic may ever have had, and at who is there. */
async function seen(parts: FleetParts, topic: string, options: PruneOptions, signal: AbortSignal): Promise<readonly PruneItem[]> {
  const support = await parts.ledger(topic).ready(signal);
  if (!support.supported) {
    const why = `without streams on the broker nobody knows who is a member of ${topic}, and so who may have messages in hand (${support.reason})`;
    throw new LynchpinError('NO_LEDGER', `nothing can be pruned: ${why}`, { topic });
  }
  const there = await muster(parts, topic, signal);
  const names = parts.topic(topic);
  const subjects: PruneSubject[] = [];
  for (const server of await serversEver(parts, topic, there)) {
    if (options.servers !== undefined && !options.servers.includes(server)) continue;
    subjects.push({ queue: names.server(server), kind: 'own', server }, { queue: names.parked(server), kind: 'parked', server });
  }
  for (const version of options.servers === undefined ? there.state.lanes : []) {
    subjects.push({ queue: names.lane(version), kind: 'lane', version }, { queue: names.rollAt(version), kind: 'presence', version });
  }
  const counted: (readonly [PruneSubject, Awaited<ReturnType<typeof parts.broker.count>>])[] = [];
  // One after the other: a queue that is missing costs the broker a channel.
  for (const subject of subjects) counted.push([subject, await parts.broker.count(subject.queue)]);
  return planPrune({ topic, ...(await whoIsThere(parts, topic, there)), seen: counted });
}

async function whoIsThere(
  { broker, topic: namesOf }: FleetParts,
  topic: string,
  { state, reports, servers, silent, unknown }: Muster,
): Promise<{ readonly inTheDark: string | undefined; readonly servers: Set<string>; readonly versions: Set<Version> }> {
  const roll = await broker.count(namesOf(topic).roll);
  const serving = servers.filter((one) => one.state === 'serving').length;
  // One that joined a moment ago may be counted or not, and so may one of whom nobody can tell.
  const most = servers.length + [...silent, ...unknown].filter(({ role }) => role === 'server').length;
  const strangers = roll.known && (roll.consumers > most || roll.consumers < serving);
  const { members } = state;
  const clients = reports.flatMap((report) => report.clients).filter((one) => one.topic === topic);
  return {
    inTheDark:
      state.unreadable !== undefined
        ? 'the ledger cannot be read'
        : !roll.known && roll.reason !== 'missing'
          ? `how many servers there are is not known (${roll.reason})`
          : strangers
            ? 'the broker counts other servers than those that are known'
            : undefined,
    servers: new Set([
      ...members.filter(({ role }) => role === 'server').map(({ author }) => author),
      ...servers.map(({ server }) => server),
    ]),
    versions: new Set([...members.flatMap(({ window }) => versionsOf(window)), ...[...servers, ...clients].flatMap((one) => one.versions)]),
  };
}

async function bury({ broker, topic: namesOf }: FleetParts, topic: string, item: PruneItem, signal: AbortSignal): Promise<number> {
  const names = namesOf(topic);
  const { queue, server = '', stood = 0 } = item;
  const rules = { names, server, queue, reads: undefined, knows: () => true, convert: NOWHERE };
  const goOn = async (): Promise<boolean> => {
    const count = await broker.count(names.server(server));
    return !count.known || count.consumers === 0;
  };
  const counts = await moveAll({
    broker,
    queue,
    dead: names.dead,
    most: stood,
    judge: (message) => judgeLeft(message, rules),
    goOn,
    signal,
  });
  return counts.dead + counts.refused;
}

/** Waits until whoever may have lost its connection a moment ago has given back what it had; anew when this process was cut off itself. */
async function stayedAway(parts: FleetParts, queues: number, onProgress: (doing: string) => void, signal: AbortSignal): Promise<void> {
  const clock: Clock = parts.clock ?? machineClock;
  onProgress(`${queues} queues: waiting whether anything comes back to them`);
  const begun = clock.now();
  while (clock.now() - begun < GRACE) {
    signal.throwIfAborted();
    await pause(PACE, signal);
  }
  signal.throwIfAborted();
}

async function unbind(
  { broker, topic: namesOf }: FleetParts,
  topic: string,
  { kind, queue, version = '0.0' }: PruneSubject,
): Promise<void> {
  const names = namesOf(topic);
  if (kind === 'lane') await broker.unbind(queue, names.exchange, version);
  if (kind === 'own') await broker.unbind(queue, names.fanout, '');
}

/** As it was before. */
async function bind({ broker, topic: namesOf }: FleetParts, topic: string, { kind, queue, version = '0.0' }: PruneSubject): Promise<void> {
  const names = namesOf(topic);
  if (kind === 'lane') await broker.bind(queue, names.exchange, version);
  if (kind === 'own') await broker.bind(queue, names.fanout, '');
}
