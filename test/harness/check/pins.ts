import type { Journal, Pinned } from '../journal/index.js';
import type { Evidence, Finding } from './evidence.js';
import { type Presence, presencesOn, type Span, spansWhereAllRead } from './presence.js';
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

/** Two looks may be so far apart, in ms, or a quarter of the quiet time when that is less: what was shorter may not have been seen. */
const UNSEEN = 1_000;

/** How far apart two looks are that agree that nobody reads the old pin any more, in ms. */
const SECOND_LOOK = 250;

/**
 * 4 and 5: unknown means hold. A pin rises to a version only when, for the whole quiet time before, servers were there
 * and every one of them read it. A first pin needs that for the moment only, and so does one that replaces a pin which
 * nobody at all reads any more.
 */
export function checkPins(evidence: Evidence, { roll, settle }: PinOptions): Finding {
  const presences = presencesOn(roll, evidence);
  const violations: string[] = [];
  let observed = 0;
  for (const journal of evidence.journals) {
    for (const { pin, before } of raisesOf(journal)) {
      observed += 1;
      const replaces = before !== undefined && !isUnread(presences, before, pin.at);
      const from = pin.at - (replaces ? settle : SECOND_LOOK);
      const unseen = SLACK + (replaces ? Math.min(UNSEEN, settle / 4) : 0);
      const misfits = presences.filter(
        (presence) => overlap(presence, { from, until: pin.at }) > unseen && !inWindow(presence.window, pin.version),
      );
      const step = `${journal.process} went from ${before ?? 'nothing'} to ${pin.version} at ${pin.at}`;
      for (const misfit of misfits)
        violations.push(
          `${step}, although ${misfit.process} (${misfit.window.floor} to ${misfit.window.version}) was on the roll until ${misfit.until}`,
        );
      if (before === undefined && !presences.some((presence) => presence.from < pin.at && presence.until > pin.at - UNSEEN))
        violations.push(`${step}, although nobody was on the roll`);
      const gap =
        before === undefined
          ? 0
          : longestGap(
              spansWhereAllRead(() => true, presences),
              { from, until: pin.at },
            );
      if (gap > UNSEEN) violations.push(`${step}, although nobody was on the roll for ${Math.round(gap)} ms, into the quiet time`);
    }
  }
  return { invariant: '4, 5 pins', observed, violations };
}

/** Every pin above the one before it; a first pin counts when it is above the floor. */
function raisesOf({ entries, window }: Journal): { readonly pin: Pinned; readonly before: string | undefined }[] {
  return of<Pinned>(entries, 'pin').flatMap((pin, index, pins) => {
    const before = pins[index - 1]?.version;
    // What is final takes the pin along at once: everyone has said that they read it.
    if (pin.state === 'finalized') return [];
    return compareVersions(pin.version, before ?? window.floor) > 0 ? [{ pin, before }] : [];
  });
}

/** Whether somebody was there for the two looks before the moment, and nobody of them read the version. */
function isUnread(presences: readonly Presence[], version: string, at: number): boolean {
  const there = presences.filter(({ from, until }) => from < at - SLACK && until > at - SECOND_LOOK + SLACK);
  return there.length > 0 && !there.some(({ window }) => inWindow(window, version));
}

/** For how long two spans have both been. */
function overlap(one: Span, other: Span): number {
  return Math.min(one.until, other.until) - Math.max(one.from, other.from);
}

/** The longest time without any span that touches `whole`, in full: a quiet time cannot begin in the midst of it. */
function longestGap(spans: readonly Span[], whole: Span): number {
  let covered = -Infinity;
  let longest = 0;
  for (const { from, until } of [...spans, { from: Infinity, until: Infinity }]) {
    const [start, end] = [covered, Math.min(from, whole.until)];
    covered = Math.max(covered, until);
    if (end > whole.from + SLACK && start < whole.until) longest = Math.max(longest, end - start);
  }
  return longest;
}
