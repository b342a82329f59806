import type { ConsumerSeen, DoctorFacts, ManagementFacts, Policy, QueueSeen, AccountRole } from '#lynchpin/fleet/doctor/facts.js';
import type { Finding } from '#lynchpin/fleet/doctor/finding.js';
import { findingsOf } from '#lynchpin/fleet/doctor/findings.js';

const known = <T>(...list: readonly T[]) => ({ known: true, list }) as const;

/** A management API that has nothing to show. */
export const NOTHING: ManagementFacts = {
  policies: known(),
  operatorPolicies: known(),
  queues: known(),
  consumers: known(),
  nodes: known('rabbit@a'),
};

/** A broker with which nothing is the matter. */
export const HEALTHY: DoctorFacts = {
  namespace: 'lynchpin',
  account: 'ada',
  virtualHost: '/',
  server: { product: 'RabbitMQ', version: '3.10.8', cluster: 'a', heartbeat: 10, frameMax: 131_072, channelMax: 2_047 },
  topics: ['volume'],
  trials: [{ id: 'queue', what: 'create a queue', needed: ['server', 'operator'], outcome: 'allowed', why: '' }],
  logs: { supported: true, why: '' },
  rolls: [{ topic: 'volume', count: { known: true, ready: 0, consumers: 2 } }],
  countTimes: [0.2, 0.3, 0.2],
  management: NOTHING,
};

/** What is found with something changed; what is fine is left out. */
export function found(changes: Partial<DoctorFacts>, role: AccountRole = 'operator'): readonly Finding[] {
  return findingsOf({ ...HEALTHY, ...changes }, role).filter(({ severity }) => severity !== 'fine');
}

/** The same, where only the management API shows something. */
export function shown(changes: Partial<ManagementFacts>): readonly Finding[] {
  return found({ management: { ...NOTHING, ...changes } });
}

export function policy(changes: Partial<Policy>): Policy {
  return { name: 'p', operator: false, pattern: '.*', appliesTo: 'all', priority: 0, definition: {}, ...changes };
}

export function queue(name: string, changes: Partial<QueueSeen> = {}): QueueSeen {
  return { name, type: 'classic', durable: true, arguments: {}, policy: undefined, operatorPolicy: undefined, ...changes };
}

export function consumer(of: string, changes: Partial<ConsumerSeen> = {}): ConsumerSeen {
  return { queue: of, exclusive: false, acknowledges: true, connection: 'c', product: 'lynchpin', ...changes };
}

/** A list of the management API. */
export const seen = known;
