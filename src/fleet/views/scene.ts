import type { LedgerState } from '../../pin/index.js';
import { compareVersions, type Version } from '../../versions/index.js';
import type { FleetFacts, TopicFacts } from './facts.js';
import { participantsOf, type Participant } from './participants.js';

/** How many clients send a version, and why it is that one. */
export interface PinGroup {
  /** What is sent. */
  readonly version: Version;
  /** The state of their pins. */
  readonly state: string;
  /** How many clients that answer send it. */
  readonly clients: number;
}

/** One topic as its causes are looked for: the facts, and what follows from them for all of them. */
export interface Scene {
  readonly topic: string;
  readonly facts: TopicFacts;
  readonly called: FleetFacts['called'];
  /** What the ledger came to; undefined where that is not known. */
  readonly state: LedgerState | undefined;
  readonly servers: readonly Participant[];
  readonly clients: readonly Participant[];
  /** Servers that are counted: those that serve, and those that are connected and silent. */
  readonly live: readonly Participant[];
  /** The newest version that a client would send if nothing kept it; without clients, the newest that anybody reads. */
  readonly target: Version | undefined;
  /** How many servers there are, by the broker's count; undefined where that is not known. */
  readonly roll: number | undefined;
}

/** Sets the scene. Pure. */
export function sceneOf(fleet: FleetFacts, facts: TopicFacts): Scene {
  const { called } = fleet;
  const participants = participantsOf(fleet, facts);
  const servers = participants.filter(({ role }) => role === 'server');
  const clients = participants.filter(({ role }) => role === 'client');
  const live = servers.filter(({ attendance, state }) => (attendance === 'here' ? state === 'serving' : attendance === 'silent'));
  const senders = clients.filter(({ attendance }) => attendance !== 'down');
  return {
    topic: facts.topic,
    facts,
    called,
    state: facts.ledger.known ? facts.ledger.state : undefined,
    servers,
    clients,
    live,
    target: newest(senders) ?? newest(live) ?? newest(servers),
    roll: countOf(facts.roll),
  };
}

/** What the clients that answer send, the lowest version first. */
export function pinsOf({ clients }: Scene): readonly PinGroup[] {
  const groups = new Map<string, PinGroup>();
  for (const { pin } of clients) {
    if (pin === undefined) continue;
    const key = `${pin.version} ${pin.state}`;
    groups.set(key, { version: pin.version, state: pin.state, clients: (groups.get(key)?.clients ?? 0) + 1 });
  }
  return [...groups.values()].sort((a, b) => compareVersions(a.version, b.version) || (a.state < b.state ? -1 : 1));
}

/** How many consume it: nobody, where it does not exist. Undefined where that is not known. */
export function countOf(count: TopicFacts['roll'] | undefined): number | undefined {
  if (count === undefined) return undefined;
  return count.known ? count.consumers : count.reason === 'missing' ? 0 : undefined;
}

/** The newest version that it knows. */
export function headOf({ versions }: Pick<Participant, 'versions'>): Version {
  return versions.at(-1) as Version;
}

/** The oldest version that it knows. */
export function floorOfWindow({ versions }: Pick<Participant, 'versions'>): Version {
  return versions[0] as Version;
}

/** Whether it knows nothing as new as that. */
export function isBelow(one: Pick<Participant, 'versions'>, version: Version): boolean {
  return compareVersions(headOf(one), version) < 0;
}

function newest(participants: readonly Participant[]): Version | undefined {
  return participants.map(headOf).sort(compareVersions).at(-1);
}
