import { namesOf } from '../../broker/index.js';
import type { DoctorFacts, ManagementFacts, Policy, QueueSeen, Seen } from './facts.js';
import { few, fine, type Finding, type Severity } from './finding.js';
import { harmsOf, type Subject } from './harms.js';
import { queueNameOf } from './names.js';
import { LOOK, quoted } from './words.js';

/** Something that policies may match. */
interface Target {
  readonly name: string;
  readonly subject: Subject;
  /** What kinds of queue it is or may become; none for an exchange. */
  readonly types: readonly string[];
  readonly exists: boolean;
}

/** A topic of which nobody has heard: what matches it matches everything that is still to come. */
const UNHEARD = 'any-topic';

/** Policies that would lose messages or spoil the census, of what there is and of what is still to come. */
export function policyFindings(facts: DoctorFacts): readonly Finding[] {
  const { virtualHost, management } = facts;
  if ('unreachable' in management) {
    const look = { remedy: LOOK, command: 'rabbitmqctl list_policies; rabbitmqctl list_operator_policies' };
    return [{ id: 'policies', severity: 'not checked', about: '', seen: management.unreachable, causes: '', ...look }];
  }
  const ground = { targets: targetsOf(facts, management), virtualHost };
  return [
    ...findingsOf(management.policies, 'policies', ground, 'list_policies'),
    ...findingsOf(management.operatorPolicies, 'operator-policies', ground, 'list_operator_policies'),
  ];
}

/** Where policies apply. */
interface Ground {
  readonly targets: readonly Target[];
  readonly virtualHost: string;
}

function findingsOf(policies: Seen<Policy>, kind: string, ground: Ground, command: string): readonly Finding[] {
  if (!policies.known) {
    const look = { remedy: 'ask with an account that has the tag policymaker, or look at them', command: `rabbitmqctl ${command}` };
    return [{ id: kind, severity: 'not checked', about: '', seen: policies.why, causes: '', ...look }];
  }
  const harmful = policies.list.flatMap((policy) => harmFindings(policy, policies.list, ground));
  return harmful.length > 0 ? harmful : [fine(kind, policies.list.length === 0 ? 'there are none' : 'none of them does harm')];
}

function harmFindings(policy: Policy, all: readonly Policy[], { targets, virtualHost }: Ground): readonly Finding[] {
  const kind = policy.operator ? 'operator-policies' : 'policies';
  const clear = policy.operator ? 'clear_operator_policy' : 'clear_policy';
  const pattern = readable(policy.pattern);
  if (pattern === undefined) {
    const seen = `its pattern ${policy.pattern} cannot be read here`;
    return [{ id: kind, severity: 'not checked', about: policy.name, seen, causes: '', remedy: 'look at what it matches' }];
  }
  const hits = targets.filter((target) => inForce(policy, target, all));
  const byKey = new Map<string, { severity: Severity; causes: string; names: string[] }>();
  for (const { name, subject, exists } of hits) {
    for (const { key, severity, causes } of harmsOf(policy.definition, subject)) {
      const known = byKey.get(`${key} ${causes}`) ?? { severity, causes, names: [] };
      byKey.set(`${key} ${causes}`, known);
      if (exists) known.names.push(name);
    }
  }
  return [...byKey].map(([keyed, { severity, causes, names }]) => {
    const key = keyed.slice(0, keyed.indexOf(' '));
    const whom = names.length === 0 ? 'what is still to be created' : few(names);
    return {
      id: `${kind}/${key}`,
      severity,
      about: policy.name,
      seen: `${key} = ${JSON.stringify(policy.definition[key])} for ${policy.pattern}: it applies to ${whom}`,
      causes,
      remedy: 'let it leave the namespace out, or remove it',
      command: `rabbitmqctl ${clear} -p ${quoted(virtualHost)} ${quoted(policy.name)}`,
    };
  });
}

/** Whether it is the one that counts: of those that match, the one of the highest priority. */
function inForce(policy: Policy, target: Target, all: readonly Policy[]): boolean {
  if (!applies(policy, target)) return false;
  return !all.some((other) => other.priority > policy.priority && applies(other, target));
}

function applies({ pattern, appliesTo }: Policy, { name, types }: Target): boolean {
  const exchange = types.length === 0;
  const kind: Readonly<Record<string, boolean>> = {
    all: true,
    queues: !exchange,
    exchanges: exchange,
    classic_queues: types.includes('classic'),
    quorum_queues: types.includes('quorum'),
    streams: types.includes('stream'),
  };
  return kind[appliesTo] === true && readable(pattern)?.test(name) === true;
}

function readable(pattern: string): RegExp | undefined {
  try {
    return new RegExp(pattern);
  } catch {
    return undefined;
  }
}

function targetsOf({ namespace, topics, logs }: DoctorFacts, { queues }: ManagementFacts): readonly Target[] {
  const seen = queues.known ? queues.list : [];
  const existing = seen.map(({ name, type }: QueueSeen): Target => {
    return { name, subject: queueNameOf(name, namespace)?.kind ?? 'other', types: [type], exists: true };
  });
  const names = new Set(existing.map(({ name }) => name));
  const expected = [...topics, UNHEARD].flatMap((topic): Target[] => {
    const on = namesOf(topic, namespace);
    const queue = (name: string, subject: Subject, types: readonly string[]): Target => ({ name, subject, types, exists: false });
    return [
      queue(on.lane('1.0'), 'lane', ['classic', 'quorum']),
      queue(on.roll, 'presence', ['classic']),
      queue(on.rollAt('1.0'), 'presence', ['classic']),
      queue(on.server('one'), 'server', ['classic']),
      queue(on.parked('one'), 'parked', ['classic']),
      queue(on.dead, 'dead', ['classic']),
      queue(on.ledger, 'ledger', ['stream']),
      ...(logs.supported === false ? [queue(on.holds, 'holds', ['classic'])] : []),
      ...[on.exchange, on.fanout, on.control].map((name) => queue(name, 'exchange', [])),
    ];
  });
  return [...existing, ...expected.filter(({ name }) => !names.has(name))];
}
