import type { Member } from '../../pin/index.js';
import { versionsOf } from '../../pin/index.js';
import type { ClientReport, InstanceReport } from '../../rpc/index.js';
import type { Version } from '../../versions/index.js';
import type { FleetFacts, LifeSeen, TopicFacts } from './facts.js';

/**
 * - `here`: it answered the roll call.
 * - `silent`: the broker has its connection, and it does not answer: frozen, or cut off and not noticed yet.
 * - `down`: its connection is gone, and it has not left: killed, or between two connections.
 * - `unknown`: it does not answer, and the broker could not say whether it is connected.
 */
export type Attendance = 'here' | 'silent' | 'down' | 'unknown';

/** Somebody who takes part in a topic: a server or a client of one process. */
export interface Participant {
  readonly role: 'server' | 'client';
  /** The name of the server; of a client, that of its process. */
  readonly name: string;
  /** The process. */
  readonly instance: string;
  /** What the ledger knows it by; undefined while it is no member. */
  readonly member?: string | undefined;
  /** What it reads or speaks, oldest first; never empty. */
  readonly versions: readonly Version[];
  readonly attendance: Attendance;
  /** The state of a server that is here. */
  readonly state?: string | undefined;
  /** The pin of a client that is here. */
  readonly pin?: ClientReport['pin'] | undefined;
  /** What it has in hand: handlers and what waits for them; calls and casts under way. */
  readonly inFlight?: number | undefined;
  /** A client's: how many messages it knows to be stranded. */
  readonly stranded?: number | undefined;
  readonly service?: string | undefined;
  readonly build?: string | undefined;
  readonly release?: string | undefined;
  readonly started?: string | undefined;
  /** The last epoch that it has acknowledged as a member. */
  readonly acked?: number | undefined;
  /** A server that is down and whose name another one serves under now: it does not come back as what it was. */
  readonly replaced?: true | undefined;
}

/** Everybody who takes part in a topic: who answered, and members of the ledger who did not. Pure. */
export function participantsOf({ reports, called }: Pick<FleetFacts, 'reports' | 'called'>, facts: TopicFacts): readonly Participant[] {
  const members = facts.ledger.known ? facts.ledger.state.members : [];
  const acked = new Map(members.map((member) => [member.instance, member.acked]));
  const here = reports.flatMap((report) => presentOf(report, facts.topic, acked));
  const answered = new Set(reports.map(({ instance }) => instance));
  const names = new Set(here.filter(({ role }) => role === 'server').map(({ name }) => name));
  const absent = members
    .filter((member) => !answered.has(processOf(member.instance)))
    .map((member) => absentOf(member, attendanceOf(facts.lives.get(member.queue) ?? 'unknown', called.done), names));
  return [...here, ...absent].sort((a, b) => order(a.role, b.role) || order(a.name, b.name) || order(a.instance, b.instance));
}

/** How somebody is who has not answered. Nobody is silent who was not asked. */
export function attendanceOf(life: LifeSeen, called: boolean): Attendance {
  return life === 'gone' ? 'down' : life === 'here' && called ? 'silent' : 'unknown';
}

/** The process that a member belongs to. */
export function processOf(member: string): string {
  const at = member.lastIndexOf('/');
  return at < 0 ? member : member.slice(0, at);
}

function presentOf(report: InstanceReport, topic: string, acked: ReadonlyMap<string, number | undefined>): readonly Participant[] {
  const { instance, service, build, release, started } = report;
  const process = { instance, service, build, release, started, attendance: 'here' } as const;
  const servers = report.servers
    // One that has left is of the past, however long its process goes on.
    .filter((server) => server.topic === topic && server.versions.length > 0 && server.state !== 'left')
    .map(
      ({ server, member, versions, state, running, waiting }): Participant => ({
        ...process,
        role: 'server',
        name: server,
        member: member?.instance,
        versions,
        state,
        inFlight: running + waiting,
        acked: member === undefined ? undefined : acked.get(member.instance),
      }),
    );
  const clients = report.clients
    .filter((client) => client.topic === topic && client.versions.length > 0)
    .map(
      ({ member, versions, pin, inFlight, stranded }): Participant => ({
        ...process,
        role: 'client',
        name: report.name,
        member: member?.instance,
        versions,
        pin,
        inFlight,
        stranded,
        acked: member === undefined ? undefined : acked.get(member.instance),
      }),
    );
  return [...servers, ...clients];
}

function absentOf(member: Member, attendance: Attendance, names: ReadonlySet<string>): Participant {
  const { role, author, instance, window, acked } = member;
  const replaced = role === 'server' && attendance === 'down' && names.has(author);
  return {
    role,
    name: author,
    instance: processOf(instance),
    member: instance,
    versions: versionsOf(window),
    attendance,
    acked,
    ...(replaced ? { replaced } : {}),
  };
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
