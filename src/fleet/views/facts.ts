import type { Count, UnknownReason } from '../../broker/index.js';
import type { LedgerState } from '../../pin/index.js';
import type { InstanceReport } from '../../rpc/index.js';
import type { Version } from '../../versions/index.js';

/** Why something is not known. */
export type WhyUnknown = UnknownReason | 'unasked';

/** A number, or why it is not known. What is not known is never shown as zero. `missing`: there is no such queue. */
export type Amount = number | { readonly unknown: WhyUnknown };

/** What the ledger of a topic came to, or why that is not known. */
export type LedgerFacts =
  | { readonly known: true; readonly state: LedgerState }
  /**
   * `missing`: there is none, because nobody has ever joined, or because the broker has no logs (`unsupported`): nothing is final,
   * nobody is a member. `unreachable`: it could not be read.
   */
  | { readonly known: false; readonly reason: 'missing' | 'unsupported' | 'unreachable'; readonly why: string };

/** What the broker says of the exclusive queue of one life: `here`: it is connected. `gone`: it is not. */
export type LifeSeen = 'here' | 'gone' | 'unknown';

/** What a server has for itself on the broker. */
export interface OwnQueues {
  readonly server: string;
  /** What was sent to it by name, and to all; undefined where that was not asked. */
  readonly own: Count | undefined;
  /** What it could not read and nobody took back. */
  readonly parked: Count;
}

/** All that was asked of one topic. */
export interface TopicFacts {
  readonly topic: string;
  readonly ledger: LedgerFacts;
  /** Every version that anyone reads, speaks or has joined with, oldest first. */
  readonly versions: readonly Version[];
  /** Its consumers are the live servers. */
  readonly roll: Count;
  /** By version: its consumers are the servers that read it. */
  readonly readers: ReadonlyMap<Version, Count>;
  /** By version: what waits on its lane. */
  readonly lanes: ReadonlyMap<Version, Count>;
  readonly dead: Count;
  readonly queues: readonly OwnQueues[];
  /** By queue: the lives of members that have not answered the roll call. */
  readonly lives: ReadonlyMap<string, LifeSeen>;
}

/** All that was asked at one time: plain data that every view is made of. */
export interface FleetFacts {
  /** Who answered, in the order of their instances. */
  readonly reports: readonly InstanceReport[];
  /** Whether the roll could be called; in words why not. */
  readonly called: { readonly done: true } | { readonly done: false; readonly why: string };
  /** In the order of their names. */
  readonly topics: readonly TopicFacts[];
  /** How long asking took, in ms. */
  readonly took: number;
}

/** The facts of one topic that was asked for. */
export function factsOf({ topics }: FleetFacts, topic: string): TopicFacts {
  const found = topics.find((facts) => facts.topic === topic);
  if (found === undefined) throw new TypeError(`the topic ${topic} was not asked for`);
  return found;
}

/** How many messages wait on a queue. */
export function readyOf(count: Count | undefined): Amount {
  return count === undefined ? { unknown: 'unasked' } : count.known ? count.ready : { unknown: count.reason };
}

/** How many consume a queue. */
export function consumersOf(count: Count | undefined): Amount {
  return count === undefined ? { unknown: 'unasked' } : count.known ? count.consumers : { unknown: count.reason };
}

/** Adds up what is known; queues that do not exist hold nothing. WhyUnknown as soon as one of the others is. */
export function sumOf(amounts: readonly Amount[]): Amount {
  let sum = 0;
  for (const amount of amounts) {
    if (typeof amount === 'number') sum += amount;
    else if (amount.unknown !== 'missing') return amount;
  }
  return sum;
}
