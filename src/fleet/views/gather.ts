import type { Broker, Count, FleetNames, TopicNames } from '../../broker/index.js';
import { versionsOf, type LedgerState, type Member, type TopicLedger } from '../../pin/index.js';
import type { InstanceReport } from '../../rpc/index.js';
import { compareVersions, type Version } from '../../versions/index.js';
import { callRoll, type RollCallOptions } from '../roll-call.js';
import type { FleetFacts, LedgerFacts, LifeSeen, OwnQueues, TopicFacts } from './facts.js';
import { processOf } from './participants.js';

/** What to look at, and for how long. */
export interface LookOptions {
  /** Topics to look at besides those of the processes that answer: one whose processes are all down is known by its name only. */
  readonly topics?: readonly string[] | undefined;
  /** The longest that it takes, in ms; what is not known by then is unknown. Default 10,000. */
  readonly timeout?: number | undefined;
}

/** What is asked. */
export interface Asking extends LookOptions {
  /** Look at no other topics. */
  readonly only?: boolean;
  /** Versions to count besides those that anyone reads, speaks or has joined with; by topic. */
  readonly versions?: Readonly<Record<string, readonly Version[]>>;
  /** Whether queues are counted. Default true. */
  readonly counts?: boolean;
  /** Which queues of single servers are counted too. Default `all`. */
  readonly queues?: 'all' | 'parked' | 'none';
}

/** What is asked with. */
export interface AskParts {
  readonly broker: Broker;
  readonly names: FleetNames;
  topic(topic: string): TopicNames;
  ledger(topic: string): TopicLedger;
}

const TIMEOUT = 10_000;
/** The longest that the first roll call takes, and the second one, in ms. */
const FIRST = 1_500;
const SECOND = 1_000;
/** How long a ledger may take, in ms. */
const LEDGER = 3_000;

/**
 * Asks once for all that the views show: one roll call (a second one only where somebody is missing who is connected), the
 * ledgers, and the broker's counts. Never throws over a broker: what it does not say is unknown.
 */
export async function gather(parts: AskParts, asking: Asking = {}): Promise<FleetFacts> {
  const begun = performance.now();
  const end = begun + (asking.timeout ?? TIMEOUT);
  const named = [...new Set(asking.topics)];
  // A name that no topic can have is said at once.
  for (const topic of named) parts.topic(topic);
  const ahead = new Ahead(parts, asking, end);
  ahead.topics(named);
  const { reports, called } = await call(parts, {
    within: Math.min(FIRST, left(end)),
    // What is known of an answer is asked about while others are awaited.
    complete(answers) {
      ahead.heard(answers);
      return false;
    },
  });
  ahead.heard(reports);
  const ledgers = await ahead.ledgers();
  const seen = new Map<string, LifeSeen>();
  const everyone = [...ledgers.values()].flatMap((ledger) => (ledger.known ? ledger.state.members : []));
  await lookAtLives(parts.broker, everyone, reports, seen, end);
  const all = called.done ? await askAgain(parts, reports, everyone, seen, end) : reports;
  const facts: TopicFacts[] = [];
  // One broker answers one count after the other anyway.
  for (const [topic, ledger] of ledgers) facts.push(await topicFacts(parts, topic, { ledger, reports: all, seen, ahead, asking, end }));
  return { reports: all, called, topics: facts, took: performance.now() - begun };
}

/** The topics that processes serve or call, in the order of their names. */
export function topicsOf(reports: readonly InstanceReport[]): readonly string[] {
  return [...new Set(reports.flatMap(({ servers, clients }) => [...servers, ...clients].map(({ topic }) => topic)))].sort();
}

async function call(parts: AskParts, options: RollCallOptions): Promise<Pick<FleetFacts, 'reports' | 'called'>> {
  const { broker, names } = parts;
  if (broker.state !== 'up') return { reports: [], called: { done: false, why: `the broker is ${broker.state}` } };
  try {
    return { reports: (await callRoll(broker, names, options)).reports, called: { done: true } };
  } catch (error) {
    return { reports: [], called: { done: false, why: error instanceof Error ? error.message : String(error) } };
  }
}

/** Nobody is called silent who was asked once only: a busy machine answers late. */
async function askAgain(
  parts: AskParts,
  reports: readonly InstanceReport[],
  members: readonly Member[],
  seen: ReadonlyMap<string, LifeSeen>,
  end: number,
): Promise<readonly InstanceReport[]> {
  const missing = new Set(members.filter(({ queue }) => seen.get(queue) === 'here').map(({ instance }) => processOf(instance)));
  const within = Math.min(SECOND, left(end));
  if (missing.size === 0 || performance.now() > end) return reports;
  const complete = (answers: readonly InstanceReport[]): boolean => {
    const answered = new Set(answers.map(({ instance }) => instance));
    return [...missing].every((instance) => answered.has(instance));
  };
  const again = await call(parts, { within, quiet: within, complete });
  const both = new Map([...reports, ...again.reports].map((report) => [report.instance, report]));
  return [...both.values()].sort((a, b) => (a.instance < b.instance ? -1 : 1));
}

/** Asks about what is heard while more is still to come: the ledgers of topics, and queues that are one for each server. */
class Ahead {
  readonly #ledgers = new Map<string, Promise<LedgerFacts>>();
  readonly #parked = new Map<string, Promise<Count>>();
  #heard = new Set<string>();

  constructor(
    private readonly parts: AskParts,
    private readonly asking: Asking,
    private readonly end: number,
  ) {}

  topics(topics: readonly string[]): void {
    for (const topic of topics) if (!this.#ledgers.has(topic)) this.#ledgers.set(topic, ledgerOf(this.parts, topic, this.end));
  }

  heard(reports: readonly InstanceReport[]): void {
    const fresh = reports.filter(({ instance }) => !this.#heard.has(instance));
    for (const { instance } of fresh) this.#heard.add(instance);
    if (this.asking.only !== true) this.topics(topicsOf(fresh));
    const { counts = true, queues = 'all' } = this.asking;
    if (!counts || queues === 'none') return;
    for (const { topic, server } of fresh.flatMap(({ servers }) => servers)) {
      if (this.#ledgers.has(topic)) void this.parked(this.parts.topic(topic).parked(server));
    }
  }

  /** In the order of the topics' names. */
  async ledgers(): Promise<ReadonlyMap<string, LedgerFacts>> {
    const topics = [...this.#ledgers.keys()].sort();
    return new Map(
      await Promise.all(topics.map(async (topic) => [topic, await (this.#ledgers.get(topic) as Promise<LedgerFacts>)] as const)),
    );
  }

  parked(queue: string): Promise<Count> {
    let count = this.#parked.get(queue);
    if (count === undefined) this.#parked.set(queue, (count = countBy(this.parts.broker, queue, this.end)));
    return count;
  }
}

async function ledgerOf(parts: AskParts, topic: string, end: number): Promise<LedgerFacts> {
  // Reading a ledger makes it: whoever only looks must not leave one behind for every name that is mistyped.
  const there = await countBy(parts.broker, parts.topic(topic).ledger, end);
  if (!there.known && there.reason === 'missing') return { known: false, reason: 'missing', why: 'there is none' };
  if (!there.known && there.reason === 'disconnected') return { known: false, reason: 'unreachable', why: 'the broker is out of reach' };
  const within = Math.min(LEDGER, left(end));
  const ledger = parts.ledger(topic);
  try {
    const state = await ledger.look(AbortSignal.timeout(within));
    const { support } = ledger;
    if (support?.supported === false) return { known: false, reason: 'unsupported', why: support.reason };
    return { known: true, state };
  } catch (error) {
    const why = (ledger.problem ?? (error as Error)).message;
    return { known: false, reason: 'unreachable', why };
  }
}

/** Looks for the exclusive queues of members that have not answered. Each look costs the broker a channel. */
async function lookAtLives(
  broker: Broker,
  members: readonly Member[],
  reports: readonly InstanceReport[],
  seen: Map<string, LifeSeen>,
  end: number,
): Promise<void> {
  const answered = new Set(reports.map(({ instance }) => instance));
  for (const { instance, queue } of members) {
    if (answered.has(processOf(instance)) || seen.has(queue)) continue;
    const count = await countBy(broker, queue, end);
    seen.set(queue, count.known || count.reason === 'taken' ? 'here' : count.reason === 'missing' ? 'gone' : 'unknown');
  }
}

const UNKNOWN: Count = { known: false, reason: 'timeout' };
const UNCOUNTED = { roll: UNKNOWN, readers: new Map<Version, Count>(), lanes: new Map<Version, Count>(), dead: UNKNOWN, queues: [] };

interface Around {
  readonly ledger: LedgerFacts;
  readonly reports: readonly InstanceReport[];
  readonly seen: ReadonlyMap<string, LifeSeen>;
  readonly ahead: Ahead;
  readonly asking: Asking;
  readonly end: number;
}

async function topicFacts(parts: AskParts, topic: string, { ledger, reports, seen, ahead, asking, end }: Around): Promise<TopicFacts> {
  const { broker } = parts;
  const names = parts.topic(topic);
  const state = ledger.known ? ledger.state : undefined;
  const versions = versionsIn(topic, reports, state, asking.versions?.[topic] ?? []);
  if (asking.counts === false) return { topic, ledger, versions, ...UNCOUNTED, lives: seen };
  const roll = await countBy(broker, names.roll, end);
  const readers = new Map<Version, Count>();
  const lanes = new Map<Version, Count>();
  for (const version of versions) {
    readers.set(version, await countBy(broker, names.rollAt(version), end));
    lanes.set(version, await countBy(broker, names.lane(version), end));
  }
  const dead = await countBy(broker, names.dead, end);
  const queues: OwnQueues[] = [];
  const which = asking.queues ?? 'all';
  for (const server of which === 'none' ? [] : serversIn(topic, reports, state)) {
    const own = which === 'all' ? await countBy(broker, names.server(server), end) : undefined;
    queues.push({ server, own, parked: await ahead.parked(names.parked(server)) });
  }
  return { topic, ledger, versions, roll, readers, lanes, dead, queues, lives: seen };
}

function versionsIn(
  topic: string,
  reports: readonly InstanceReport[],
  state: LedgerState | undefined,
  more: readonly Version[],
): readonly Version[] {
  const reported = reports.flatMap(({ servers, clients }) => [...servers, ...clients].filter((one) => one.topic === topic));
  const all = new Set([...more, ...(state?.lanes ?? []), ...reported.flatMap(({ versions }) => versions)]);
  for (const { window } of state?.members ?? []) for (const version of versionsOf(window)) all.add(version);
  return [...all].sort(compareVersions);
}

function serversIn(topic: string, reports: readonly InstanceReport[], state: LedgerState | undefined): readonly string[] {
  const reported = reports.flatMap(({ servers }) => servers.filter((one) => one.topic === topic).map(({ server }) => server));
  const members = (state?.members ?? []).filter(({ role }) => role === 'server').map(({ author }) => author);
  return [...new Set([...reported, ...members])].sort();
}

/** Whole ms until then: timers and expirations take nothing else. */
function left(end: number): number {
  return Math.max(1, Math.floor(end - performance.now()));
}

async function countBy(broker: Broker, queue: string, end: number): Promise<Count> {
  if (broker.state !== 'up' && broker.state !== 'blocked') return { known: false, reason: 'disconnected' };
  return performance.now() > end ? { known: false, reason: 'timeout' } : broker.count(queue);
}
