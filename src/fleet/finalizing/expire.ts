import { randomUUID } from 'node:crypto';
import { isMember, machineClock, type Clock, type Member, type TopicLedger } from '../../pin/index.js';
import { pause } from '../../rpc/index.js';
import { Absences } from './absences.js';
import type { FleetParts } from '../parts.js';

/** With what a member is taken off the ledger. */
export interface Expiring {
  readonly ledger: TopicLedger;
  readonly absences: Absences;
  readonly clock: Clock;
  readonly author: string;
}

/** How long to wait between two looks, in ms. */
const PACE = 500;

/** Takes those members off the ledger of whom there is evidence by now that they are gone. */
export async function expireSeen(expiring: Expiring, topic: string, members: readonly Member[], signal: AbortSignal): Promise<void> {
  const { ledger, absences, clock, author } = expiring;
  for (const member of members) {
    const evidence = absences.evidence(member);
    if (evidence === undefined || !isMember(ledger.state, member) || signal.aborted) continue;
    const { instance, incarnation } = member;
    const entry = {
      kind: 'expire',
      id: randomUUID(),
      author,
      reason: `its queue was gone ${evidence.looks} times over ${evidence.over} ms`,
      at: clock.text(),
      instance,
      incarnation,
      evidence,
    } as const;
    await ledger.append(entry, signal).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  }
}

/**
 * Takes members off the ledger of whom it can be shown that they are gone, which takes a little more than ten seconds. Answers those that
 * are members still: connected, or nobody can tell.
 * @throws LynchpinError `NO_LEDGER`, `FORBIDDEN`, `CLOSED`.
 */
export async function expireGone(
  parts: FleetParts,
  ledger: TopicLedger,
  members: readonly Member[],
  signal: AbortSignal,
): Promise<readonly Member[]> {
  const clock = parts.clock ?? machineClock;
  const absences = new Absences(parts.broker, clock);
  try {
    for (;;) {
      const left = members.filter((member) => isMember(ledger.state, member));
      if (left.length === 0 || signal.aborted) return left;
      await absences.look(left);
      if (left.every((member) => absences.presence(member) !== 'gone')) return left;
      await expireSeen({ ledger, absences, clock, author: parts.author }, ledger.topic, left, signal);
      await pause(PACE, signal);
    }
  } finally {
    absences.close();
  }
}
