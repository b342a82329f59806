import { canFinalize, floorOf, isMember, type Clock, type Floor, type Prepared, type TopicLedger } from '../../pin/index.js';
import { pause } from '../../rpc/index.js';
import type { Version } from '../../versions/index.js';
import type { FleetParts } from '../parts.js';
import type { Absences } from './absences.js';
import { identified, lifeText, livesIn, takeCensus } from './census.js';
import { expireSeen } from './expire.js';
import { below, silent, standing, strangers, uncounted, unheard, type Obstacle } from './obstacles.js';

/** A survey that is taken before anything is begun. */
export interface Surveying {
  readonly parts: FleetParts;
  readonly ledger: TopicLedger;
  readonly version: Version;
  readonly absences: Absences;
  readonly clock: Clock;
  readonly author: string;
  onProgress(phase: 'looking', waitingFor: readonly Obstacle[]): void;
}

/**
 * - `clear`: everyone who must acknowledge is there and answers.
 * - `final`: it is final already, just this version.
 * - `prepared`: somebody is finalizing this version.
 * - `refused`: it cannot be begun.
 * - `late`: the signal fired before everyone had answered.
 */
export type Survey =
  | { readonly kind: 'clear' }
  | { readonly kind: 'final'; readonly floor: Floor }
  | { readonly kind: 'prepared'; readonly prepared: Prepared }
  | { readonly kind: 'refused' | 'late'; readonly points: readonly Obstacle[] };

/** Between two looks, in ms. */
const PAUSE = 500;

/**
 * Looks at everyone before anything is begun, so that what is begun is over in a moment: while it is not, those who ask what may be
 * shown to users wait. Who reads less and is connected refuses it at once; who is gone is taken off the ledger; for
 * whoever is silent it waits.
 */
export async function survey(surveying: Surveying, signal: AbortSignal): Promise<Survey> {
  const { ledger, version, absences, parts } = surveying;
  const { topic } = ledger;
  let points: readonly Obstacle[] = [];
  for (;;) {
    const stands = standingOf(ledger, version);
    if (stands !== undefined) return stands;
    if (signal.aborted) return { kind: 'late', points };
    const members = ledger.state.members;
    const expected = new Set(members.map(lifeText));
    const census = await takeCensus(parts, topic, (counted) => (reports) => {
      const lives = livesIn(reports, topic);
      return [...expected].every((life) => lives.has(life)) && identified(reports, topic, ledger.state) >= counted;
    });
    const answered: ReadonlySet<string> = census.known ? livesIn(census.reports, topic) : new Set();
    const missing = canFinalize(ledger.state, version).missing;
    const lower = missing.flatMap((one) => (one.kind === 'below' ? [one.member] : []));
    const quiet = missing.flatMap((one) => (one.kind === 'silent' && !answered.has(lifeText(one.member)) ? [one.member] : []));
    const absent = [...lower, ...quiet];
    await absences.look(absent);
    await expireSeen(surveying, topic, absent, signal);
    const still = (member: (typeof absent)[number]): boolean => isMember(ledger.state, member);
    const sighting = (member: (typeof absent)[number]) => ({ presence: absences.presence(member), goneFor: absences.goneFor(member) });
    const lowerStill = lower.filter(still);
    points = [
      ...lowerStill.map((member) => below(member, sighting(member))),
      ...quiet.filter(still).map((member) => silent(member, sighting(member))),
      ...counting(census, topic, ledger),
    ];
    if (lowerStill.some((member) => absences.presence(member) === 'connected')) {
      return { kind: 'refused', points: points.filter(({ kind }) => kind === 'below') };
    }
    if (points.length === 0 && standingOf(ledger, version) === undefined) return { kind: 'clear' };
    surveying.onProgress('looking', points);
    await pause(PAUSE, signal);
  }
}

function counting(census: Awaited<ReturnType<typeof takeCensus>>, topic: string, { state }: TopicLedger): readonly Obstacle[] {
  if (!census.known) return [uncounted(census.reason)];
  const answered = identified(census.reports, topic, state);
  return answered === census.counted ? [] : [strangers(census.counted, answered)];
}

/** What the ledger itself says: that it is final or under way, or that it cannot be begun. */
function standingOf({ state }: TopicLedger, version: Version): Survey | undefined {
  const floor = floorOf(state);
  if (floor?.version === version) return { kind: 'final', floor };
  const points = canFinalize(state, version).missing.flatMap((one) => standing(one) ?? []);
  const slip = unheard(version, state.lanes);
  if (slip !== undefined) points.push(slip);
  if (points.length > 0) return { kind: 'refused', points };
  return state.prepared === undefined ? undefined : { kind: 'prepared', prepared: state.prepared };
}
