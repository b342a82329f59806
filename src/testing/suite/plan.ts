import { RULES, type Entry, type Finding, type LawFact, type Subject, type Law } from '../../compat/index.js';
import { compareVersions, type Version } from '../../versions/index.js';

/** The facts of one thing that is recorded: an object, or an API. */
export interface FactGroup {
  readonly title: string;
  readonly facts: readonly PlannedFact[];
}

/** One fact that a suite proves: one test. */
export interface PlannedFact {
  readonly title: string;
  /** The topic that its findings and laws are filed under. */
  readonly topic: Topic;
}

/** What findings are filed under: a law, and what it is about. */
export type Topic = `${Law} ${Subject['kind']} ${string} ${Version | ''}`;

/** The topic of a finding. */
export function topicOf({ rule, subject }: Pick<Finding, 'rule' | 'subject'>): Topic {
  return topic(RULES[rule].law, subject);
}

/** The topic of a law that is yet to be proven. */
export function topicOfLaw({ subject }: Pick<LawFact, 'subject'>): Topic {
  return topic('conversion', subject);
}

function topic(law: Law, { kind, name, version }: Subject): Topic {
  return `${law} ${kind} ${name} ${version ?? ''}`;
}

/**
 * The facts that follow from what is recorded, in an order and with titles that stay: a version that is recorded adds
 * facts and renames none. What is about no version that is recorded is not among them.
 */
export function planFacts(entries: readonly Entry[]): readonly FactGroup[] {
  const things = new Map<string, { readonly kind: 'object' | 'api'; readonly name: string; readonly versions: Version[] }>();
  for (const { facts } of entries) {
    const key = `${facts.kind} ${facts.name}`;
    const thing = things.get(key) ?? { kind: facts.kind, name: facts.name, versions: [] };
    things.set(key, thing);
    thing.versions.push(facts.version);
  }
  const order = (kind: string, name: string): string => `${kind === 'object' ? 0 : 1} ${name}`;
  return [...things.values()]
    .sort((a, b) => (order(a.kind, a.name) < order(b.kind, b.name) ? -1 : 1))
    .map(({ kind, name, versions }) => ({ title: kind === 'api' ? `the API ${name}` : name, facts: factsOf(kind, name, versions) }));
}

function factsOf(kind: 'object' | 'api', name: string, versions: readonly Version[]): readonly PlannedFact[] {
  const ordered = [...versions].sort(compareVersions);
  const about = (law: Law, version?: Version): Topic => topic(law, { kind, name, ...(version === undefined ? {} : { version }) });
  const facts: PlannedFact[] = [];
  ordered.forEach((version, at) => {
    facts.push({ title: `${version} is as it was recorded`, topic: about('identity', version) });
    const before = ordered[at - 1];
    if (before === undefined) return;
    facts.push({ title: `${before} -> ${version} changes no more than its number says`, topic: about('bump', version) });
    facts.push({ title: `${before} <-> ${version} is converted as the laws say`, topic: about('conversion', version) });
  });
  facts.push({ title: 'has a history without gaps', topic: about('history') });
  return facts;
}
