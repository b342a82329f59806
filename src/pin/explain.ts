import type { ErrorCode } from '../errors/index.js';
import { compareVersions, type Version } from '../versions/index.js';
import type { PinRules, Standing } from './decide.js';
import { finalText, frozenText, heldText, holdsBesides } from './explain-limits.js';
import type { Limits } from './limits.js';
import type { Holder } from '../rpc/index.js';
import type { NoReading, Reading } from './reading.js';

/** What there is to explain a pin by. */
export interface Circumstances {
  readonly topic: string;
  readonly standing: Standing;
  readonly rules: PinRules;
  /** What the cap was given as, when it is the name of a release. */
  readonly capName?: string | undefined;
  readonly reading: Reading;
  /** Everyone who has said their name. */
  readonly everyone: readonly Holder[];
  /** ISO text of when the pin came to this version and state. */
  readonly since: string;
  readonly limits: Limits;
  /** What it would be but for the holds; undefined while they are not what keeps it. */
  readonly heldBack: Version | undefined;
  /** Why the client is not a member of its topic; empty while it is. */
  readonly outside: string;
  /** The client is too old for what is final. */
  readonly refused: boolean;
}

/** A pin in words, and the error that it amounts to when no version can be spoken with everyone. */
export interface Explanation {
  readonly why: string;
  readonly problem: Extract<ErrorCode, 'SPLIT' | 'TOO_OLD' | 'TOO_NEW'> | undefined;
}

const UNKNOWN: Readonly<Record<NoReading, string>> = {
  nobody: 'no server is there',
  missing: 'the queues that servers are counted by do not exist and may not be created',
  down: 'the broker node that holds the roll is down',
  taken: 'a queue that servers are counted by belongs to a connection of its own',
  forbidden: 'the broker account may not count servers',
  timeout: 'the broker did not answer the census in time',
  disconnected: 'the broker is out of reach',
};

/** Puts a pin into one plain sentence: the version, who holds it, since when, and what would release it. */
export function explain(circumstances: Circumstances): Explanation {
  const { topic, standing, rules, reading, everyone, since, capName, limits, heldBack, outside, refused } = circumstances;
  if (refused) return { why: `${topic} is not spoken any more: ${outside}`, problem: 'TOO_OLD' };
  const { version, state } = standing;
  const { line, settle } = rules;
  const here = `${topic} is spoken at ${version}`;
  const quiet = `for ${settle / 1_000} s`;
  const top = rules.cap ?? line.head;
  const frozen = frozenText(limits, outside);
  const blind = `${reading.known ? '' : `; at the moment it is left as it is, because ${UNKNOWN[reading.reason]}`}${frozen}`;
  const besides = heldBack === undefined ? holdsBesides(topic, limits, line) : '';
  const say = (text: string): Explanation => ({ why: `${text}${besides}${blind}.`, problem: undefined });
  switch (state) {
    case 'unknown':
      return {
        why: `${here}, the oldest version that ${limits.least === undefined ? 'this client speaks' : 'is not below what is final'}, because no census has succeeded yet${reading.known ? '' : `: ${UNKNOWN[reading.reason]}`}; the first one that does moves it${besides}${frozen}.`,
        problem: undefined,
      };
    case 'released':
      return say(`${here}, the newest version of this client, since ${since}, because every live server reads it`);
    case 'finalized':
      return say(`${here}, the newest version of this client, since ${since}, because every live server reads it${finalText(limits)}`);
    case 'capped':
      if (heldBack !== undefined) return say(`${here} since ${since}, ${heldText(topic, limits, heldBack)}`);
      return say(
        `${here} since ${since}, because it is set by hand to ${capName ?? version}; taking that setting away lets it rise, at most to ${line.head}, to what every live server reads`,
      );
    case 'settling': {
      const next = [...standing.quiet.keys()].filter((other) => compareVersions(other, version) > 0).pop() ?? top;
      return say(`${here} since ${since}; every live server reads ${next}, and once that has lasted ${quiet} without a break it is raised`);
    }
    case 'held': {
      const below = everyone.filter((holder) => compareVersions(holder.version, top) < 0);
      return say(
        `${here} since ${since}, held by ${holders(below, version, top, reading)}; it is raised once every live server has read a higher version ${quiet} without a break`,
      );
    }
    case 'split':
      return split(circumstances, blind);
  }
}

function split({ topic, standing, rules, everyone, since, reading }: Circumstances, blind: string): Explanation {
  const { line, cap } = rules;
  const readers = reading.known ? reading.readers.get(standing.version) : undefined;
  const windows = everyone.length > 0 ? `: ${everyone.map(name).join(', ')}` : '';
  const speaks = cap === undefined ? line.toString() : `${line.toString()}, capped at ${cap}`;
  if (readers === 0) {
    const old = everyone.length > 0 && everyone.every((holder) => compareVersions(holder.floor, line.head) > 0);
    const young = everyone.length > 0 && everyone.every((holder) => compareVersions(holder.version, line.floor) < 0);
    const problem = old ? 'TOO_OLD' : young ? 'TOO_NEW' : 'SPLIT';
    const remedy = old
      ? 'upgrade this client'
      : young
        ? 'upgrade the servers, or run an older build of this client'
        : cap === undefined
          ? 'run builds whose windows overlap'
          : 'raise the cap';
    return {
      why: `${topic} has no live server that reads anything this client speaks (${speaks}) since ${since}${windows}; ${remedy}${blind}.`,
      problem,
    };
  }
  return {
    why: `${topic} is spoken at ${standing.version} since ${since}, because the live servers have no version in common${windows}; it ends when those on one side are replaced${blind}.`,
    problem: 'SPLIT',
  };
}

function holders(below: readonly Holder[], version: Version, top: Version, reading: Reading): string {
  const readers = reading.known ? reading.readers.get(top) : undefined;
  const behind = reading.known && readers !== undefined ? Math.max(0, reading.servers - readers) : undefined;
  if (below.length === 0)
    return behind === undefined || behind === 0
      ? `servers that do not read ${top}`
      : `${behind} of ${(reading as { servers: number }).servers} servers, which ${behind === 1 ? 'does' : 'do'} not read ${top}`;
  const silent = behind === undefined ? 0 : behind - below.length;
  return `${below.map(name).join(', ')}${silent > 0 ? ` and ${silent} more` : ''}`;
}

function name(holder: Holder): string {
  return `${holder.server} (reads ${holder.floor} to ${holder.version})`;
}
