import type { Journal, Milestone, Pinned } from '../journal/index.js';
import type { Evidence, Finding } from './evidence.js';
import { presencesOn, spansWhereAllRead } from './presence.js';
import { of } from './select.js';
import { compareVersions, inWindow } from './version.js';

export interface ReleaseOptions {
  /** The queue on which every live server of the topic has one consumer. */
  readonly roll: string;
  /** The quiet time before a pin rises, in ms. */
  readonly settle: number;
  /** How much longer it may take, in ms. Default 3,000. */
  readonly allowance?: number;
}

/**
 * 12: with no fault, a release comes within `settle` and three seconds after the last old server left; one that was
 * killed stops blocking at once. Judges every span in which all servers read a client's own version, and which was long
 * enough for the client to be held to it.
 */
export function checkRelease(evidence: Evidence, { roll, settle, allowance = 3_000 }: ReleaseOptions): Finding {
  const presences = presencesOn(roll, evidence);
  const end = endOf(evidence);
  const violations: string[] = [];
  let observed = 0;
  for (const journal of evidence.journals) {
    const [ready, gone] = lifeOf(journal);
    const pins = of<Pinned>(journal.entries, 'pin');
    if (pins.length === 0) continue;
    const { version } = journal.window;
    for (const span of spansWhereAllRead((window) => inWindow(window, version), presences)) {
      if (followsRestart(span.from, evidence)) continue;
      const from = Math.max(span.from, ready);
      const due = from + settle + allowance;
      const last = Math.min(span.until, gone, end);
      const pin = pins.findLast(({ at }) => at <= Math.min(due, last));
      const released = pin !== undefined && compareVersions(pin.version, version) >= 0;
      // A span that ended before its time was up says something only if the release had come by then.
      if (!released && due > last) continue;
      observed += 1;
      if (!released)
        violations.push(
          `${journal.process} was still at ${pin?.version ?? 'nothing'} ${Math.round(due - from)} ms after every server had come to read ${version}`,
        );
    }
  }
  return { invariant: '12 release', observed, violations };
}

/**
 * Whether a span may have begun because a restart of the broker took servers away that are still on their way back: clients wait for
 * those, and rightly do not rise. Once a server was killed after the restart it is over because of that.
 */
function followsRestart(from: number, { actions }: Evidence): boolean {
  const before = actions.filter(({ at }) => at <= from).map(({ action }) => action.do);
  return before.lastIndexOf('restart-broker') > before.lastIndexOf('kill');
}

function lifeOf({ entries }: Journal): [ready: number, gone: number] {
  const milestones = of<Milestone>(entries, 'ready', 'stopping', 'stopped');
  const ready = milestones.find(({ kind }) => kind === 'ready')?.at ?? Infinity;
  const gone = milestones.find(({ kind }) => kind !== 'ready')?.at ?? entries.at(-1)?.at ?? ready;
  return [ready, gone];
}

/** The last thing that anybody wrote. */
function endOf({ journals, wires }: Evidence): number {
  return Math.max(0, ...[...journals, ...wires].map(({ entries }) => entries.at(-1)?.at ?? 0));
}
