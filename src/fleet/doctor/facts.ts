import type { BrokerServer, Count } from '../../broker/index.js';

/** For whom an account is: what a process does decides what it must be allowed to. */
export type AccountRole = 'server' | 'client' | 'operator';

/** What an account has tried. */
export interface Trial {
  /** Names it in findings: `publish`. */
  readonly id: string;
  /** In words, behind "may": `create a queue`. */
  readonly what: string;
  readonly needed: readonly AccountRole[];
  /** `untried`: what it hangs on was refused or is missing. */
  readonly outcome: 'allowed' | 'forbidden' | 'failed' | 'untried';
  /** Why not, where it was not allowed. */
  readonly why: string;
}

/** A policy or an operator policy, as the management API has it. */
export interface Policy {
  readonly name: string;
  /** Set by the operator of the broker: it comes on top of the others. */
  readonly operator: boolean;
  /** A regular expression for names. */
  readonly pattern: string;
  /** `all`, `queues`, `exchanges`, `classic_queues`, `quorum_queues` or `streams`. */
  readonly appliesTo: string;
  readonly priority: number;
  readonly definition: Readonly<Record<string, unknown>>;
}

/** A queue, as the management API has it. */
export interface QueueSeen {
  readonly name: string;
  readonly type: string;
  readonly durable: boolean;
  readonly arguments: Readonly<Record<string, unknown>>;
  /** The policy in force on it, if any. */
  readonly policy: string | undefined;
  readonly operatorPolicy: string | undefined;
}

/** A consumer, as the management API has it. */
export interface ConsumerSeen {
  readonly queue: string;
  readonly exclusive: boolean;
  /** Whether its deliveries count as done once they are acknowledged, and not when they are sent. */
  readonly acknowledges: boolean;
  /** What its connection calls itself: `127.0.0.1:5000 -> 127.0.0.1:5672`. */
  readonly connection: string;
  /** What its program calls itself; undefined where the account may not see the connection. */
  readonly product: string | undefined;
}

/** A part of what the management API has, or why it was not to be had. */
export type Seen<T> = { readonly known: true; readonly list: readonly T[] } | { readonly known: false; readonly why: string };

/** What the management API tells. */
export interface ManagementFacts {
  readonly policies: Seen<Policy>;
  readonly operatorPolicies: Seen<Policy>;
  /** Of the namespace alone. */
  readonly queues: Seen<QueueSeen>;
  readonly consumers: Seen<ConsumerSeen>;
  /** The names of the cluster's nodes. */
  readonly nodes: Seen<string>;
}

/** All that the doctor looks at: plain data. */
export interface DoctorFacts {
  readonly namespace: string;
  /** The account in use. */
  readonly account: string;
  readonly virtualHost: string;
  readonly server: BrokerServer;
  readonly topics: readonly string[];
  readonly trials: readonly Trial[];
  /** Whether the broker has logs; with a reason where it has none, or where it could not be tried. */
  readonly logs: { readonly supported: boolean | undefined; readonly why: string };
  /** The roll of each topic. */
  readonly rolls: readonly { readonly topic: string; readonly count: Count }[];
  /** How long one count took, in ms, each time that it was tried. */
  readonly countTimes: readonly number[];
  /** Undefined: not reached, and why. */
  readonly management: ManagementFacts | { readonly unreachable: string };
}
