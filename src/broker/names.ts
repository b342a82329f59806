import { LynchpinError } from '../errors/index.js';
import type { Version } from '../versions/index.js';

/** The names of everything that one topic has on the broker. `docs/protocol.md` lists them. */
export interface TopicNames {
  readonly topic: string;
  /** Direct exchange; its keys are versions. */
  readonly exchange: string;
  /** Fanout exchange that feeds every server's own queue. */
  readonly fanout: string;
  /** Fanout exchange for hints: a server joined, a server is leaving. */
  readonly notices: string;
  /** Fanout exchange by which callers reach every live server at once: cancellations and the roll call. */
  readonly control: string;
  /** The empty queue on which every live server has exactly one consumer. */
  readonly roll: string;
  /** Messages that nobody may run, each with its reason. */
  readonly dead: string;
  /** The log of joins, holds and what was finalized, which every process of the topic reads. */
  readonly ledger: string;
  /** Holds, where the broker has no logs. */
  readonly holds: string;
  /** The exclusive queue of whoever moves or deletes what was left over. */
  readonly salvage: string;
  /** The work queue of one version. */
  lane(version: Version): string;
  /** The empty queue on which every live server that reads the version has one consumer. */
  rollAt(version: Version): string;
  /** A server's own queue. */
  server(name: string): string;
  /** What a server found in its own queue, cannot read, and could not give back. */
  parked(name: string): string;
}

/** The names of what one namespace has on the broker besides its topics. No topic can have such a name. */
export interface FleetNames {
  /** Fanout exchange by which every process of the namespace is asked what it is and does. */
  readonly fleet: string;
  /** The exclusive queue of one connected life of a process. */
  life(instance: string, count: number): string;
}

const TOPIC = /^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/;
const SERVER = /^[A-Za-z0-9][A-Za-z0-9_.:-]{0,99}$/;

/** Whether a server can have that name: what others write need not be one. */
export function isServerName(name: string): boolean {
  return SERVER.test(name);
}

/**
 * Names what a topic has on the broker.
 * @param namespace keeps systems apart that share a broker; default `lynchpin`.
 * @throws LynchpinError `DECLARATION` when a name has characters that could make two of them alike.
 */
export function namesOf(topic: string, namespace = 'lynchpin'): TopicNames {
  check(TOPIC, 'a topic', topic);
  check(TOPIC, 'a namespace', namespace);
  const base = `${namespace}.${topic}`;
  return Object.freeze({
    topic,
    exchange: base,
    fanout: `${base}.fanout`,
    notices: `${base}.notices`,
    control: `${base}.control`,
    roll: `${base}.roll`,
    dead: `${base}.dead`,
    ledger: `${base}.ledger`,
    holds: `${base}.holds`,
    salvage: `${base}.salvage`,
    lane: (version: Version) => `${base}@${version}`,
    rollAt: (version: Version) => `${base}.roll@${version}`,
    server: (name: string) => `${base}.server.${check(SERVER, 'a server name', name)}`,
    parked: (name: string) => `${base}.parked.${check(SERVER, 'a server name', name)}`,
  });
}

/**
 * Names what a namespace has on the broker besides its topics.
 * @throws LynchpinError `DECLARATION` when the namespace has characters that could make two names alike.
 */
export function fleetNamesOf(namespace = 'lynchpin'): FleetNames {
  check(TOPIC, 'a namespace', namespace);
  return Object.freeze({
    fleet: `${namespace}:fleet`,
    life: (instance: string, count: number) => `${namespace}:life.${instance}.${count}`,
  });
}

function check(form: RegExp, what: string, name: string): string {
  if (typeof name === 'string' && form.test(name)) return name;
  throw new LynchpinError(
    'DECLARATION',
    `${what} may have letters, digits, "-" and "_", up to 100 of them (a server name also "." and ":"); got ${JSON.stringify(name)}`,
  );
}
