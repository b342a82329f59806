import type { Broker, BrokerServer } from '../../broker/index.js';
import type { DoctorFacts, AccountRole } from './facts.js';
import type { Finding } from './finding.js';
import { findingsOf } from './findings.js';
import { askManagement } from './management.js';
import { queueNameOf } from './names.js';
import type { Management } from './reader.js';
import { permissionsCommand, permissionsFor } from './roles.js';
import { tryRights } from './trials.js';

/** Options of `fleet.doctor`. */
export interface DoctorOptions {
  /** Topics that are there. Those that the management API shows are found without being named. */
  readonly topics?: readonly string[];
  /** For what the account is to be used. Default `operator`, who needs what servers need. */
  readonly role?: AccountRole;
  /** The management API of the broker. Default: what it would show is not checked. */
  readonly management?: Management;
  /** How long the management API may take for an answer, in ms. Default 10,000. */
  readonly timeout?: number;
}

/** What the doctor says. */
export interface Diagnosis {
  /** What the broker says of itself, and what was agreed with it. */
  readonly server: BrokerServer;
  /** Those that were named or found, in their order. */
  readonly topics: readonly string[];
  /** The worst first. */
  readonly findings: readonly Finding[];
  /** For each role a command that gives the account what suffices, ready to paste into a shell. */
  readonly permissions: Readonly<Record<AccountRole, string>>;
}

/** Looks at a broker and at what the account in use may do there. What it tries for that changes nothing, or is undone. */
export async function examine(
  { broker, namespace }: { readonly broker: Broker; readonly namespace: string },
  { topics = [], role = 'operator', management, timeout = 10_000 }: DoctorOptions = {},
): Promise<Diagnosis> {
  const virtualHost = virtualHostOf(broker.address);
  const seen =
    management === undefined
      ? { unreachable: 'the management API was not asked' }
      : await askManagement(management, { namespace, virtualHost, timeout });
  const shown = 'unreachable' in seen || !seen.queues.known ? [] : seen.queues.list;
  const found = shown.flatMap(({ name }) => queueNameOf(name, namespace)?.topic ?? []);
  const known = [...new Set([...topics, ...found])].sort();
  const tried = await tryRights(broker, namespace, known);
  const { userId: account = '', server } = broker;
  const facts: DoctorFacts = { namespace, account, virtualHost, server, topics: known, ...tried, management: seen };
  const command = (one: AccountRole): string => permissionsCommand(account, virtualHost, permissionsFor(one, namespace, server.version));
  return {
    server,
    topics: known,
    findings: findingsOf(facts, role),
    permissions: { server: command('server'), client: command('client'), operator: command('operator') },
  };
}

/** What stands behind the host in an address; without anything it is `/`. */
export function virtualHostOf(address: string): string {
  const path = /^amqps?:/.test(address) ? new URL(address).pathname.slice(1) : '';
  return path === '' ? '/' : decodeURIComponent(path);
}
