import type { Count } from '#lynchpin/broker/index.js';
import { checkOf, upgradeFindings } from '#lynchpin/fleet/upgrade-check/check.js';
import type { Build, BuildRole } from '#lynchpin/fleet/upgrade-check/build.js';
import type { FleetFacts, TopicFacts } from '#lynchpin/fleet/views/index.js';
import { EMPTY_LEDGER, type LedgerState } from '#lynchpin/pin/index.js';
import type { InstanceReport } from '#lynchpin/rpc/index.js';

type Version = Build['versions'][number];

export const count = (ready: number, consumers: number): Count => ({ known: true, ready, consumers });

/** Versions from one to another, by their minors: `minors(2, 4)` is 3.2 to 3.4. */
export function minors(from: number, to: number): readonly Version[] {
  return Array.from({ length: to - from + 1 }, (_, step): Version => `3.${from + step}`);
}

/** A process that serves or calls. */
export function process(name: string, role: 'server' | 'client', versions: readonly Version[]): InstanceReport {
  const pin = { version: '3.0', state: 'held', since: '', why: '', by: [] } as const;
  return {
    instance: name,
    lives: 1,
    name,
    started: '',
    servers: role === 'server' ? [{ topic: 'volume', server: name, versions, state: 'serving', running: 0, waiting: 0 }] : [],
    clients: role === 'client' ? [{ topic: 'volume', versions, pin, inFlight: 0, stranded: 0 }] : [],
  };
}

interface Scene {
  readonly reports?: readonly InstanceReport[];
  readonly called?: FleetFacts['called'];
  /** How many servers the broker counts, where those are not the ones that answer. */
  readonly roll?: Count;
  /** Messages by lane. */
  readonly lanes?: Readonly<Record<string, Count>>;
  readonly ledger?: TopicFacts['ledger'];
}

/** A fleet of one topic, counted from those who answer. */
export function scene({ reports = [], called = { done: true }, roll, lanes = {}, ledger = state({}) }: Scene): FleetFacts {
  const servers = reports.flatMap((report) => report.servers);
  const versions = [...new Set([...minors(0, 6), ...(Object.keys(lanes) as Version[])])];
  const readers = (version: Version): Count => count(0, servers.filter((server) => server.versions.includes(version)).length);
  const topic: TopicFacts = {
    topic: 'volume',
    ledger,
    versions,
    roll: roll ?? count(0, servers.length),
    readers: new Map(versions.map((version) => [version, readers(version)])),
    lanes: new Map(versions.map((version) => [version, lanes[version] ?? count(0, 0)])),
    dead: count(0, 0),
    queues: [],
    lives: new Map(),
  };
  return { reports, called, topics: [topic], took: 0 };
}

/** A ledger that was read. */
export function state(changes: Partial<LedgerState>): TopicFacts['ledger'] {
  return { known: true, state: { ...EMPTY_LEDGER, ...changes } };
}

/** What is found, as `severity: id`, without what is fine, and what it comes to. */
export function judged(versions: readonly Version[], facts: FleetFacts, role: BuildRole = 'both'): readonly [string, ...string[]] {
  const { readiness, findings } = checkOf(upgradeFindings([{ topic: 'volume', versions }], role, facts));
  return [readiness, ...findings.filter(({ severity }) => severity !== 'fine').map(({ severity, id }) => `${severity}: ${id}`)];
}
