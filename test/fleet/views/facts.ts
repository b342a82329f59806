import type { ClientReport, InstanceReport, ServerReport, Version } from 'lynchpin';
import type { Count } from '#lynchpin/broker/index.js';
import type { FleetFacts, LifeSeen, TopicFacts } from '#lynchpin/fleet/views/facts.js';
import { EMPTY_LEDGER, versionsOf, type Hold, type LedgerState, type Member } from '#lynchpin/pin/index.js';
import { compareVersions } from '#lynchpin/versions/index.js';

/** A window in short: `3.0-3.4`. */
export type Short = `${Version}-${Version}`;

export interface Told {
  /** Servers that answer: by name, what they read. */
  readonly servers?: Readonly<Record<string, Short>>;
  readonly serverStates?: Readonly<Record<string, string>>;
  /** Clients that answer: by name, what they speak, and what they send. */
  readonly clients?: Readonly<Record<string, { readonly speaks: Short; readonly pin: Version; readonly state: string }>>;
  /** Members that do not answer: by name, what they read, and what the broker says of their connection. */
  readonly absent?: Readonly<Record<string, { readonly reads: Short; readonly life: LifeSeen; readonly role?: 'server' | 'client' }>>;
  readonly ledger?: Partial<LedgerState> | TopicFacts['ledger'];
  readonly roll?: Count;
  readonly readers?: Readonly<Record<Version, Count>>;
  /** What waits, by version. */
  readonly waiting?: Readonly<Record<Version, number>>;
  readonly dead?: number;
  readonly parked?: number;
  readonly called?: FleetFacts['called'];
}

export const AT = '2026-11-22T03:41:26.000Z';

function window(short: Short): readonly Version[] {
  const [floor, version] = short.split('-') as [Version, Version];
  return versionsOf({ floor, version });
}

export function counted(consumers: number, ready = 0): Count {
  return { known: true, consumers, ready };
}

export function hold(until?: Version): Hold {
  return { id: 'h1', author: 'ada', reason: 'soak', at: AT, offset: 7, until };
}

/** A member of the ledger that answers under that name. */
export function member(name: string, short: Short, role: Member['role'] = 'server', acked?: number): Member {
  const [floor, version] = short.split('-') as [Version, Version];
  return {
    instance: `${name}.p/1`,
    incarnation: 1,
    role,
    window: { floor, version },
    queue: `life.${name}`,
    author: name,
    offset: 1,
    acked,
  };
}

/** The facts of one topic as they would be if all that is told were so: the broker counts who serves, and who is frozen. */
export function factsOf(told: Told): FleetFacts {
  const { servers = {}, clients = {}, absent = {}, waiting = {} } = told;
  const reports = [
    ...Object.entries(servers).map(([name, short]) => report(name, [server(name, short, told.serverStates?.[name])], [])),
    ...Object.entries(clients).map(([name, client]) => report(name, [], [clientOf(client)])),
  ];
  // A process of its own, though it may bear the name of another.
  const silent = Object.entries(absent).map(([name, { reads, role }]) => ({ ...member(name, reads, role), instance: `${name}.q/1` }));
  const read = told.ledger !== undefined && 'known' in told.ledger;
  const own = read ? {} : ((told.ledger ?? {}) as Partial<LedgerState>);
  const members = [...(own.members ?? []), ...silent];
  const ledger = read ? (told.ledger as TopicFacts['ledger']) : ({ known: true, state: { ...EMPTY_LEDGER, ...own, members } } as const);
  const windows = [
    ...Object.values(servers),
    ...Object.values(clients).map(({ speaks }) => speaks),
    ...Object.values(absent).map(({ reads }) => reads),
  ].map(window);
  const versions = [...new Set([...windows.flat(), ...(Object.keys(waiting) as Version[])])].sort(compareVersions);
  const live = [
    ...Object.entries(servers).flatMap(([name, short]) => ((told.serverStates?.[name] ?? 'serving') === 'serving' ? [window(short)] : [])),
    ...Object.values(absent).flatMap(({ reads, life, role = 'server' }) => (life === 'here' && role === 'server' ? [window(reads)] : [])),
  ];
  const readers = new Map(versions.map((version) => [version, counted(live.filter((one) => one.includes(version)).length)]));
  for (const [version, count] of Object.entries(told.readers ?? {})) readers.set(version as Version, count);
  const topic: TopicFacts = {
    topic: 'volume',
    ledger,
    versions,
    roll: told.roll ?? counted(live.length),
    readers,
    lanes: new Map(versions.map((version) => [version, counted(0, waiting[version] ?? 0)])),
    dead: counted(0, told.dead ?? 0),
    queues: Object.keys(servers).map((name, at) => ({
      server: name,
      own: counted(1),
      parked: counted(0, at === 0 ? (told.parked ?? 0) : 0),
    })),
    lives: new Map(Object.entries(absent).map(([name, { life }]) => [`life.${name}`, life])),
  };
  return { reports, called: told.called ?? { done: true }, topics: [topic], took: 1 };
}

function report(name: string, servers: readonly ServerReport[], clients: readonly ClientReport[]): InstanceReport {
  return { instance: `${name}.p`, lives: 1, name, started: AT, servers, clients };
}

function server(name: string, short: Short, state = 'serving'): ServerReport {
  const versions = window(short);
  return { topic: 'volume', server: name, member: { instance: `${name}.p/1`, incarnation: 1 }, versions, state, running: 0, waiting: 0 };
}

function clientOf({ speaks, pin, state }: { readonly speaks: Short; readonly pin: Version; readonly state: string }): ClientReport {
  return {
    topic: 'volume',
    versions: window(speaks),
    pin: { version: pin, state, since: AT, why: 'because.', by: [] },
    inFlight: 0,
    stranded: 0,
  };
}
