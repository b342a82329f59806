import { RULES, type Entry, type Finding, type Law, type LawFact, type Subject } from '../../compat/index.js';
import { compareVersions, type Version } from '../../versions/index.js';

/** The facts of one thing that is recorded: an object, or an API. */
export interface FactGroup {
  readonly title: string;
  readonly facts: readonly PlannedFact[];
}

/** One fact that a suite proves: one test. */
export interface PlannedFact {
  readonly title: string;
  /** What its findings and laws are filed under. */
  readonly topics: readonly Topic[];
}

/** What is said of one thing from one point of view, as text. */
export type Topic = string;

/** The topic of a finding. What is said of histories is said of the whole of them. */
export function topicOf({ rule, subject }: Pick<Finding, 'rule' | 'subject'>): Topic {
  const { law } = RULES[rule];
  return ruleTopic(law, subject.kind, subject.name, law === 'history' ? undefined : subject.version);
}

/** The topic of a law that is to be proven. */
export function topicOfLaw({ subject: { kind, name, version } }: Pick<LawFact, 'subject'>): Topic {
  return lawTopic(kind, name, version);
}

function ruleTopic(law: Law, kind: Subject['kind'], name: string, version?: Version): Topic {
  return JSON.stringify([law, kind, name, version ?? null]);
}

function lawTopic(kind: Subject['kind'], name: string, version?: Version): Topic {
  return JSON.stringify([kind, name, version ?? null]);
}

/**
 * The facts that follow from what is recorded, in an order and with titles that stay: a version that is recorded adds
 * facts and renames none. What is about nothing that is recorded is not among them.
 */
export function planFacts(entries: readonly Entry[]): readonly FactGroup[] {
  const things = new Map<string, [Entry, ...Entry[]]>();
  for (const entry of entries) {
    const key = `${entry.facts.kind === 'object' ? 0 : 1} ${entry.facts.name}`;
    const known = things.get(key);
    if (known === undefined) things.set(key, [entry]);
    else known.push(entry);
  }
  const ordered = [...things].sort(([a], [b]) => (a < b ? -1 : 1));
  return ordered.map(([, [first, ...rest]]): FactGroup => {
    const { kind, name } = first.facts;
    const all = [first, ...rest];
    const versions = all.map(({ facts }) => facts.version).sort(compareVersions);
    // What is kept of a message lies under its name alone, whoever it belongs to.
    const kept = kind === 'object' ? [name] : [...new Set(all.flatMap(messagesOf))];
    return {
      title: kind === 'object' ? name : `the API ${name}`,
      facts: [
        ...versionFacts(kind, name, versions),
        { title: 'has a sound history', topics: [ruleTopic('history', kind, name)] },
        { title: 'can read what was kept', topics: kept.map((one) => lawTopic('object', one)) },
      ],
    };
  });
}

function versionFacts(kind: 'object' | 'api', name: string, versions: readonly Version[]): readonly PlannedFact[] {
  return versions.flatMap((version, at): readonly PlannedFact[] => {
    const before = versions[at - 1];
    const identity = { title: `${version} is as it was recorded`, topics: [ruleTopic('identity', kind, name, version)] };
    if (before === undefined) return [identity];
    return [
      identity,
      { title: `${before} -> ${version} changes no more than its number says`, topics: [ruleTopic('bump', kind, name, version)] },
      { title: `${before} <-> ${version} is converted as the laws say`, topics: [lawTopic(kind, name, version)] },
    ];
  });
}

function messagesOf({ facts }: Entry): readonly string[] {
  return facts.kind === 'api' ? Object.keys(facts.messages) : [];
}
