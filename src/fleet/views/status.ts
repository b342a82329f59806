import type { Floor, Hold } from '../../pin/index.js';
import { compareVersions, type Version } from '../../versions/index.js';
import type { Cause } from './cause.js';
import { consumersOf, readyOf, sumOf, type Amount, type FleetFacts, type TopicFacts } from './facts.js';
import type { Participant } from './participants.js';
import { countOf, floorOfWindow, headOf, pinsOf, sceneOf } from './scene.js';
import { whyOf, type Why } from './why.js';

/** Servers or clients of one service that are alike. */
export interface StatusGroup {
  /** What they are. */
  readonly role: 'server' | 'client';
  /** What the processes say that they belong to; undefined where they do not say, or do not answer. */
  readonly service: string | undefined;
  /** The oldest version that they read or speak. */
  readonly floor: Version;
  /** The newest version that they read or speak. */
  readonly version: Version;
  /** The build that they say they are. */
  readonly build: string | undefined;
  /** What clients send now. */
  readonly pin: Version | undefined;
  /** The state of a server, or of a client's pin; `silent`, `down` or `not known` of those who do not answer. */
  readonly state: string;
  /** Their names: those of servers, and those of the processes of clients. In their order. */
  readonly names: readonly string[];
}

/** What waits at a version, and who reads it. */
export interface LaneStatus {
  /** Which it is. */
  readonly version: Version;
  /** How many servers read it, by the broker's count. */
  readonly readers: Amount;
  /** How many messages wait on its lane. */
  readonly ready: Amount;
  /** How many clients that answer send it now. */
  readonly clients: number;
}

/** How one topic is. */
export interface TopicStatus {
  /** Its name. */
  readonly topic: string;
  /** How many servers there are, by the broker's count. */
  readonly servers: Amount;
  /** Its servers, then its clients. */
  readonly groups: readonly StatusGroup[];
  /** Every version that anyone reads, speaks or has joined with, the newest first. */
  readonly lanes: readonly LaneStatus[];
  /** What nobody may join below. */
  readonly final: Pick<Floor, 'version' | 'author' | 'at' | 'reason'> | undefined;
  /** What is being finalized, and by whom it is not acknowledged yet. */
  readonly prepared:
    | { readonly version: Version; readonly author: string; readonly at: string | undefined; readonly waiting: readonly string[] }
    | undefined;
  /** Every hold that stands, whether it keeps a pin or not. */
  readonly holds: readonly Pick<Hold, 'id' | 'author' | 'reason' | 'at' | 'until'>[];
  /** Whether the ledger was read. `missing`, `unsupported`: there is none, so nothing is held or final. */
  readonly ledger: 'read' | 'missing' | 'unsupported' | 'unreachable';
  /** Messages on all lanes. */
  readonly backlog: Amount;
  /** Messages on lanes that no live server reads. */
  readonly stranded: Amount;
  /** Messages that nobody may run. */
  readonly dead: Amount;
  /** Messages that a server could not read and nobody took back. */
  readonly parked: Amount;
  /** Who holds the pin. */
  readonly why: Why;
  /** `well`: nothing holds a pin. `held`: something does, as in every upgrade. `wrong`: somebody has to do something. */
  readonly verdict: 'well' | 'held' | 'wrong';
}

/** How a fleet is. */
export interface FleetStatus {
  /** In the order of their names. */
  readonly topics: readonly TopicStatus[];
  /** How many processes answered; undefined when they could not be asked. */
  readonly instances: number | undefined;
  /** The worst of the topics. */
  readonly verdict: TopicStatus['verdict'];
  /** What to look at first. */
  readonly advice: string;
  /** How long asking took, in ms. */
  readonly took: number;
}

/** Puts a status together. Pure. */
export function statusOf(fleet: FleetFacts): FleetStatus {
  const topics = fleet.topics.map((facts) => topicStatus(fleet, facts));
  const worst = topics.find(({ verdict }) => verdict === 'wrong') ?? topics.find(({ verdict }) => verdict === 'held');
  return {
    topics,
    instances: fleet.called.done ? fleet.reports.length : undefined,
    verdict: fleet.called.done ? (worst?.verdict ?? 'well') : 'wrong',
    advice: adviceOf(fleet, topics, worst),
    took: Math.round(fleet.took),
  };
}

const UNASKED: Amount = { unknown: 'unasked' };

function topicStatus(fleet: FleetFacts, facts: TopicFacts): TopicStatus {
  const scene = sceneOf(fleet, facts);
  const { state } = scene;
  const why = whyOf(fleet, facts.topic);
  const floor = state?.floors.at(-1);
  const lanes = facts.versions.map((version) => ({
    version,
    readers: consumersOf(facts.readers.get(version)),
    ready: readyOf(facts.lanes.get(version)),
    clients: pinsOf(scene)
      .filter((pin) => pin.version === version)
      .reduce((sum, pin) => sum + pin.clients, 0),
  }));
  const unread = facts.versions.filter((version) => countOf(facts.readers.get(version)) === 0);
  // Without a ledger that was read, there may be versions and servers that nobody has told of.
  const complete = facts.ledger.known || (facts.ledger.reason !== 'unreachable' && fleet.called.done);
  const status = {
    topic: facts.topic,
    servers: consumersOf(facts.roll),
    groups: groupsOf([...scene.servers, ...scene.clients]),
    lanes: lanes.reverse(),
    final: floor && { version: floor.version, author: floor.author, at: floor.at, reason: floor.reason },
    prepared: state?.prepared && {
      version: state.prepared.version,
      author: state.prepared.author,
      at: state.prepared.at,
      waiting: why.causes.find(({ kind }) => kind === 'finalizing')?.who ?? [],
    },
    holds: (state?.holds ?? []).map(({ id, author, reason, at, until }) => ({ id, author, reason, at, until })),
    ledger: facts.ledger.known ? ('read' as const) : facts.ledger.reason,
    backlog: complete ? sumOf(lanes.map(({ ready }) => ready)) : UNASKED,
    stranded: !complete ? UNASKED : scene.roll === 0 ? 0 : sumOf(unread.map((version) => readyOf(facts.lanes.get(version)))),
    dead: readyOf(facts.dead),
    parked: complete ? sumOf(facts.queues.map(({ parked }) => readyOf(parked))) : UNASKED,
    why,
  };
  return { ...status, verdict: verdictOf(status, why.causes) };
}

function verdictOf({ dead, parked }: Pick<TopicStatus, 'dead' | 'parked'>, causes: readonly Cause[]): TopicStatus['verdict'] {
  const buried = [dead, parked].some((amount) => typeof amount === 'number' && amount > 0);
  if (buried || causes.some(({ wrong }) => wrong)) return 'wrong';
  return causes.length > 0 ? 'held' : 'well';
}

function groupsOf(participants: readonly Participant[]): readonly StatusGroup[] {
  const groups = new Map<string, StatusGroup>();
  for (const one of participants) {
    const { role, service, build, pin, name } = one;
    const group = { role, service, floor: floorOfWindow(one), version: headOf(one), build, pin: pin?.version, state: stateOf(one) };
    const key = JSON.stringify(Object.values(group).map((value) => value ?? null));
    groups.set(key, { ...group, names: [...(groups.get(key)?.names ?? []), name] });
  }
  return [...groups.values()].sort(
    (a, b) =>
      Number(a.role === 'client') - Number(b.role === 'client') ||
      order(a.service ?? '', b.service ?? '') ||
      compareVersions(b.version, a.version) ||
      compareVersions(b.floor, a.floor) ||
      order(a.state, b.state),
  );
}

/** In one word, how it is. */
function stateOf({ attendance, state, pin, replaced }: Participant): string {
  if (attendance === 'here') return state ?? pin?.state ?? 'not known';
  if (attendance === 'unknown') return 'not known';
  return replaced === true ? 'replaced' : attendance;
}

function adviceOf(fleet: FleetFacts, topics: readonly TopicStatus[], worst: TopicStatus | undefined): string {
  if (!fleet.called.done) return `The roll could not be called: ${fleet.called.why}.`;
  if (topics.length === 0) return 'No process answers, so no topic is known; name one with --topic.';
  if (worst === undefined) return 'All is well.';
  const { topic, why, dead, parked, verdict } = worst;
  if (why.causes.some(({ wrong }) => wrong)) return `Something needs you: lynchpin why ${topic}`;
  if (verdict === 'wrong') {
    const parts = [...buried(dead, 'dead'), ...buried(parked, 'parked')];
    return `${parts.join(' and ')} on ${topic}: lynchpin lanes ${topic}`;
  }
  const held = why.pins.some(({ state }) => state !== 'released' && state !== 'finalized');
  return `${held ? 'Pins are held, and nothing is wrong' : 'Nothing is wrong, and the upgrade is not over'}: lynchpin why ${topic}`;
}

function buried(amount: Amount, what: string): readonly string[] {
  if (typeof amount !== 'number' || amount === 0) return [];
  return [`${amount} ${what} ${amount === 1 ? 'message' : 'messages'}`];
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
