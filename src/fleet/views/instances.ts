import type { Member } from '../../pin/index.js';
import type { ClientReport, InstanceReport, ServerReport } from '../../rpc/index.js';
import type { Version } from '../../versions/index.js';
import type { FleetFacts, LifeSeen } from './facts.js';
import { attendanceOf, processOf, type Attendance } from './participants.js';

/** A server of a process. What a process that does not answer has not told is undefined. */
export interface InstanceServer {
  /** What it serves. */
  readonly topic: string;
  /** What callers address it by. */
  readonly server: string;
  /** The oldest version that it reads. */
  readonly floor: Version;
  /** The newest version that it reads. */
  readonly version: Version;
  /** Where it is between joining and having left. */
  readonly state: string | undefined;
  /** How many handlers run. */
  readonly running: number | undefined;
  /** How many requests wait for their turn. */
  readonly waiting: number | undefined;
}

/** A client of a process, and the pin that it holds. */
export interface InstanceClient {
  /** What it calls. */
  readonly topic: string;
  /** The oldest version that it speaks. */
  readonly floor: Version;
  /** The newest version that it speaks. */
  readonly version: Version;
  /** The version that it sends now, and why. */
  readonly pin: ClientReport['pin'] | undefined;
  /** How many calls and casts are under way. */
  readonly inFlight: number | undefined;
}

/** One process, as it tells itself, or as the ledgers know it. */
export interface InstanceView {
  /** What ledger and roll call know it by. */
  readonly instance: string;
  /** Whether it answers, and if not, what the broker says. */
  readonly attendance: Attendance;
  /** What it calls itself; of one that does not answer, what it has joined as. */
  readonly name: string;
  /** The service that it says it belongs to. */
  readonly service: string | undefined;
  /** The build that it says it is. */
  readonly build: string | undefined;
  /** The release that it says it is. */
  readonly release: string | undefined;
  /** When it started, by its own clock. */
  readonly started: string | undefined;
  /** How many times it has connected. */
  readonly lives: number | undefined;
  /** What it serves. */
  readonly servers: readonly InstanceServer[];
  /** What it calls. */
  readonly clients: readonly InstanceClient[];
}

/** Every process: those that answered, and members of the ledgers that did not. Pure. In the order of their names. */
export function instancesOf(fleet: FleetFacts): readonly InstanceView[] {
  const answered = new Set(fleet.reports.map(({ instance }) => instance));
  const absent = new Map<string, { readonly topic: string; readonly member: Member; readonly life: LifeSeen }[]>();
  for (const { topic, ledger, lives } of fleet.topics) {
    for (const member of ledger.known ? ledger.state.members : []) {
      const process = processOf(member.instance);
      if (answered.has(process)) continue;
      absent.set(process, [...(absent.get(process) ?? []), { topic, member, life: lives.get(member.queue) ?? 'unknown' }]);
    }
  }
  const views = [...fleet.reports.map(present), ...[...absent].map(([instance, parts]) => missing(instance, parts, fleet.called.done))];
  return views.sort((a, b) => order(a.name, b.name) || order(a.instance, b.instance));
}

function present({ instance, lives, name, service, build, release, started, servers, clients }: InstanceReport): InstanceView {
  return {
    instance,
    attendance: 'here',
    name,
    service,
    build,
    release,
    started,
    lives,
    servers: servers.filter(({ versions }) => versions.length > 0).map(serverOf),
    clients: clients.filter(({ versions }) => versions.length > 0).map(clientOf),
  };
}

function serverOf({ topic, server, versions, state, running, waiting }: ServerReport): InstanceServer {
  return { topic, server, floor: versions[0] as Version, version: versions.at(-1) as Version, state, running, waiting };
}

function clientOf({ topic, versions, pin, inFlight }: ClientReport): InstanceClient {
  return { topic, floor: versions[0] as Version, version: versions.at(-1) as Version, pin, inFlight };
}

function missing(
  instance: string,
  parts: readonly { readonly topic: string; readonly member: Member; readonly life: LifeSeen }[],
  called: boolean,
): InstanceView {
  const seen = new Set(parts.map(({ life }) => life));
  // A process that has joined under several lives is as connected as the latest of them.
  const life = seen.has('here') ? 'here' : seen.has('unknown') ? 'unknown' : 'gone';
  const servers = parts
    .filter(({ member }) => member.role === 'server')
    .map(({ topic, member: { author, window } }) => {
      const { floor, version } = window;
      return { topic, server: author, floor, version, state: undefined, running: undefined, waiting: undefined };
    });
  const clients = parts
    .filter(({ member }) => member.role === 'client')
    .map(({ topic, member: { window } }) => ({ topic, floor: window.floor, version: window.version, pin: undefined, inFlight: undefined }));
  return {
    instance,
    attendance: attendanceOf(life, called),
    name: parts[0]?.member.author ?? instance,
    service: undefined,
    build: undefined,
    release: undefined,
    started: undefined,
    lives: undefined,
    servers,
    clients,
  };
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
