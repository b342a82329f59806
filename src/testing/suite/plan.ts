import { RULES, type ApiFacts, type Entry, type Finding, type Law, type LawFact, type Subject } from '../../compat/index.js';
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
export function topicOfLaw({ subject: { kind, name, path } }: Pick<LawFact, 'subject'>): Topic {
  return lawTopic(kind, name, path);
}

function ruleTopic(law: Law, kind: Subject['kind'], name: string, version?: Version): Topic {
  return JSON.stringify([law, kind, name, version ?? null]);
}

function lawTopic(kind: Subject['kind'], name: string, path?: string): Topic {
  return JSON.stringify([kind, name, path ?? null]);
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
    const versions = [first, ...rest].map(({ facts }) => facts.version).sort(compareVersions);
    const facts = [...versionFacts(kind, name, versions), { title: 'has a sound history', topics: [ruleTopic('history', kind, name)] }];
    if (kind === 'object') return { title: name, facts: [...facts, ...objectLaws(name)] };
    const messages = [first, ...rest].flatMap((entry) => (isApi(entry) ? Object.keys(entry.facts.messages) : []));
    return { title: `the API ${name}`, facts: [...facts, ...apiLaws(name, [...new Set(messages)].sort())] };
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
    ];
  });
}

function objectLaws(name: string): readonly PlannedFact[] {
  return [{ title: 'is converted as the laws say', topics: [lawTopic('object', name)] }];
}

function apiLaws(name: string, messages: readonly string[]): readonly PlannedFact[] {
  return [
    { title: 'carries every object at the version that it says', topics: [lawTopic('api', name)] },
    ...messages.map((message) => ({
      title: `${message} is converted as the laws say`,
      // What is kept lies under the name alone, whoever the message belongs to.
      topics: [lawTopic('api', name, `messages.${message}`), lawTopic('object', message)],
    })),
  ];
}

function isApi(entry: Entry): entry is Entry<ApiFacts> {
  return entry.facts.kind === 'api';
}
