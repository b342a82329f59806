import { randomUUID } from 'node:crypto';
import { canFinalize, type Clock, type Member, type TopicLedger } from '../../pin/index.js';
import type { FleetParts } from '../parts.js';
import type { Absences } from './absences.js';
import { identified, takeCensus } from './census.js';
import type { Decision, Epoch } from './epoch.js';
import { expireSeen } from './expire.js';
import { below, silent, strangers, uncounted, type Obstacle } from './obstacles.js';

/** How long acknowledgements may take before anybody's queue is looked at, in ms: from who lives they come in a few. */
const MOMENT = 250;
/** Between two attempts, in ms, when nothing new is in the ledger. */
const PAUSE = 500;

/** A finalization that is driven on, by whoever prepared it or by somebody else. */
export interface Course {
  readonly parts: FleetParts;
  readonly ledger: TopicLedger;
  readonly epoch: Epoch;
  readonly absences: Absences;
  readonly clock: Clock;
  /** Who writes; what becomes final is in the name of whoever prepared it. */
  readonly author: string;
  /** Told of what is done, and who is waited for. */
  onProgress(phase: 'acknowledging' | 'counting' | 'finalizing', waitingFor: readonly Obstacle[]): void;
}

/**
 * - `blocked`: a member that reads less has joined and is connected: it will not become final while that is so.
 * - `undecided`: the signal fired first.
 */
export type Driven =
  | Decision
  | { readonly kind: 'blocked'; readonly points: readonly Obstacle[] }
  | { readonly kind: 'undecided'; readonly points: readonly Obstacle[] };

/**
 * Drives a finalization on until it has come to something: waits for the acknowledgements of every member, takes those off the ledger
 * of whom there is evidence that they are gone, takes the census before it looks at the acknowledgements and after, and
 * writes the record. Any number of processes may do this for one finalization at once.
 */
export async function drive(course: Course, signal: AbortSignal): Promise<Driven> {
  const { ledger, epoch, absences } = course;
  const topic = ledger.topic;
  let points: readonly Obstacle[] = [];
  let begun = false;
  for (;;) {
    if (epoch.decision !== undefined) return epoch.decision;
    if (signal.aborted) return { kind: 'undecided', points };
    const lower = membersIn(course, 'below');
    const quiet = membersIn(course, 'silent');
    if (lower.length + quiet.length > 0) {
      if (!begun) {
        begun = true;
        course.onProgress(
          'acknowledging',
          quiet.map((member) => silent(member, { presence: 'unknown', goneFor: 0 })),
        );
        await epoch.change(MOMENT, signal);
        continue;
      }
      await absences.look([...lower, ...quiet]);
      await expireSeen(course, topic, [...lower, ...quiet], signal);
      points = [
        ...lower.map((member) => below(member, sighting(absences, member))),
        ...quiet.map((member) => silent(member, sighting(absences, member))),
      ];
      course.onProgress('acknowledging', points);
      if (lower.some((member) => absences.presence(member) === 'connected' && stillIn(course, member))) return { kind: 'blocked', points };
      await epoch.change(PAUSE, signal);
      continue;
    }
    const outcome = await attempt(course, signal);
    points = outcome === undefined ? [] : [outcome];
    if (outcome === undefined) continue;
    course.onProgress('counting', points);
    await epoch.change(PAUSE, signal);
  }
}

/** One attempt at the second phase: answers what is in the way; undefined when the ledger has more to say. */
async function attempt(course: Course, signal: AbortSignal): Promise<Obstacle | undefined> {
  const { ledger, epoch } = course;
  const before = await count(course);
  if ('kind' in before) return before;
  // Between the two: whoever has acknowledged by now is in the second as well.
  if (epoch.decision !== undefined || !ready(course)) return undefined;
  const after = await count(course);
  if ('kind' in after) return after;
  if (epoch.decision !== undefined || !ready(course)) return undefined;
  course.onProgress('finalizing', []);
  const entry = {
    kind: 'finalize',
    id: randomUUID(),
    author: course.author,
    reason: '',
    at: course.clock.text(),
    epoch: epoch.epoch,
    census: { before, after },
  } as const;
  await ledger.append(entry, signal).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
  return undefined;
}

async function count({ parts, ledger, epoch }: Course): Promise<{ readonly counted: number; readonly answered: number } | Obstacle> {
  const answeredIn = (reports: Parameters<typeof identified>[0]): number => identified(reports, ledger.topic, ledger.state, epoch.epoch);
  const census = await takeCensus(parts, ledger.topic, (counted) => (reports) => answeredIn(reports) >= counted);
  if (!census.known) return uncounted(census.reason);
  const { counted } = census;
  const answered = answeredIn(census.reports);
  return counted === answered ? { counted, answered } : strangers(counted, answered);
}

function ready({ ledger: { state }, epoch }: Course): boolean {
  return state.prepared?.epoch === epoch.epoch && canFinalize(state, state.prepared.version).ready;
}

function membersIn({ ledger: { state } }: Course, kind: 'below' | 'silent'): readonly Member[] {
  const { prepared } = state;
  if (prepared === undefined) return [];
  return canFinalize(state, prepared.version).missing.flatMap((one) => (one.kind === kind && 'member' in one ? [one.member] : []));
}

function stillIn({ ledger }: Course, { instance, incarnation }: Member): boolean {
  return ledger.state.members.some((member) => member.instance === instance && member.incarnation === incarnation);
}

function sighting(absences: Absences, member: Member): { readonly presence: ReturnType<Absences['presence']>; readonly goneFor: number } {
  return { presence: absences.presence(member), goneFor: absences.goneFor(member) };
}
