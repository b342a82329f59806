import type { LedgerState } from '../../pin/index.js';
import { LynchpinError } from '../../errors/index.js';
import type { InstanceReport } from '../../rpc/index.js';
import type { FleetParts } from '../parts.js';
import { callRoll } from '../roll-call.js';

/** What a look at a topic's servers showed: how many the broker counts on the roll, and who of all processes has answered. */
export type Census =
  | { readonly known: true; readonly counted: number; readonly reports: readonly InstanceReport[] }
  | { readonly known: false; readonly reason: string };

/** Whose answer is enough: every life that a look must hear of for it to be over at once. */
export type Expected = (reports: readonly InstanceReport[]) => boolean;

/** Counts, and calls the roll. Trouble with the connection is an unknown census; a missing right is an error. */
export async function takeCensus(parts: FleetParts, topic: string, expected: (counted: number) => Expected): Promise<Census> {
  const count = await parts.broker.count(parts.topic(topic).roll);
  // A topic that never had a server has no roll.
  if (!count.known && count.reason !== 'missing') return { known: false, reason: count.reason };
  const counted = count.known ? count.consumers : 0;
  try {
    const { reports } = await callRoll(parts.broker, parts.names, { complete: expected(counted) });
    return { known: true, counted, reports };
  } catch (error) {
    if (LynchpinError.is(error, 'FORBIDDEN', 'CLOSED')) throw error;
    return { known: false, reason: 'disconnected' };
  }
}

/**
 * How many servers of a topic have answered that are on the roll and members. Pure.
 * @param epoch only those who have acknowledged it; without one all of them.
 */
export function identified(reports: readonly InstanceReport[], topic: string, state: LedgerState, epoch?: number): number {
  let answered = 0;
  for (const { servers } of reports) {
    for (const { topic: served, state: is, member } of servers) {
      if (served !== topic || is !== 'serving' || member === undefined) continue;
      const known = state.members.find(({ instance, incarnation }) => instance === member.instance && incarnation === member.incarnation);
      if (known !== undefined && (epoch === undefined || known.acked === epoch)) answered += 1;
    }
  }
  return answered;
}

/** The lives that have answered, of servers and clients alike, as `instance.incarnation`. Pure. */
export function livesIn(reports: readonly InstanceReport[], topic: string): ReadonlySet<string> {
  const lives = new Set<string>();
  for (const { servers, clients } of reports) {
    for (const { topic: of, member } of [...servers, ...clients]) {
      if (of === topic && member !== undefined) lives.add(lifeText(member));
    }
  }
  return lives;
}

/** One life of a process, as text. */
export function lifeText({ instance, incarnation }: { readonly instance: string; readonly incarnation: number }): string {
  return `${instance}.${incarnation}`;
}
