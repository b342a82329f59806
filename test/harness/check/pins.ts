import type { Journal, Pinned } from '../journal/index.js';
import type { Evidence, Finding } from './evidence.js';
import { presencesOn, type Span, spansWhereAllRead } from './presence.js';
import { of } from './select.js';
import { compareVersions, inWindow } from './version.js';

export interface PinOptions {
  /** The queue on which every live server of the topic has one consumer. */
  readonly roll: string;
  /** The quiet time before a pin rises, in ms. */
  readonly settle: number;
}

/** Between the broker's word and its journal, and between the library's timer and the pin's entry, in ms. */
const SLACK = 100;

/** With nobody on the roll for no longer than this, two checks may both have found somebody, in ms. */
const UNSEEN = 1_000;

/**
 * 4 and 5: unknown means hold. A pin rises to a version only when, for the whole quiet time before, servers were there
 * and every one of them read it. A first pin needs that for the moment only.
 */
export function checkPins(evidence: Evidence, { roll, settle }: PinOptions): Finding {
  const presences = presencesOn(roll, evidence);
  const violations: string[] = [];
  let observed = 0;
  for (const journal of evidence.journals) {
    for (const { pin, before } of raisesOf(journal)) {
      observed += 1;
      const from = before === undefined ? pin.at : pin.at - settle;
      const misfits = presences.filter(
        (presence) => presence.from < pin.at - SLACK && presence.until > from + SLACK && !inWindow(presence.window, pin.version),
      );
      const step = `${journal.process} went from ${before ?? 'nothing'} to ${pin.version} at ${pin.at}`;
      for (const misfit of misfits)
        violations.push(
          `${step}, although ${misfit.process} (${misfit.window.floor} to ${misfit.window.version}) was on the roll until ${misfit.until}`,
        );
      const gap = longestGap(
        spansWhereAllRead(() => true, presences),
        { from, until: pin.at },
      );
      if (gap > UNSEEN) violations.push(`${step}, although for ${Math.round(gap)} ms of the quiet time nobody was on the roll`);
    }
  }
  return { invariant: '4, 5 pins', observed, violations };
}

/** Every pin above the one before it; a first pin counts when it is above the floor. */
export function raisesOf({ entries, window }: Journal): { readonly pin: Pinned; readonly before: string | undefined }[] {
  return of<Pinned>(entries, 'pin').flatMap((pin, index, pins) => {
    const before = pins[index - 1]?.version;
    return compareVersions(pin.version, before ?? window.floor) > 0 ? [{ pin, before }] : [];
  });
}

/** The longest part of `whole` that no span covers. */
function longestGap(spans: readonly Span[], whole: Span): number {
  let covered = whole.from;
  let longest = 0;
  for (const { from, until } of spans) {
    if (until <= covered) continue;
    if (from >= whole.until) break;
    longest = Math.max(longest, from - covered);
    covered = until;
  }
  return Math.max(longest, whole.until - covered);
}
