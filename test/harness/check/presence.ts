import type { Window } from '../journal/index.js';
import type { Evidence } from './evidence.js';

/** The time in which a server was counted on the roll, as the broker saw it. */
export interface Presence {
  readonly process: string;
  readonly name: string;
  readonly window: Window;
  readonly from: number;
  /** Infinity when it was still there at the end. */
  readonly until: number;
}

/** Who was on the roll when: from the broker's consent to a consumer until it was cancelled or its channel or connection went. */
export function presencesOn(roll: string, { journals, wires }: Evidence): Presence[] {
  const presences: Presence[] = [];
  for (const { process, entries } of wires) {
    const journal = journals.find((candidate) => candidate.process === process);
    if (journal === undefined) continue;
    const present = new Map<string, number>();
    const leave = (place: (key: string) => boolean, until: number): void => {
      for (const [key, from] of present) {
        if (!place(key)) continue;
        present.delete(key);
        presences.push({ process, name: journal.name, window: journal.window, from, until });
      }
    };
    for (const entry of entries) {
      if (entry.kind === 'consuming' && entry.queue === roll) present.set(`${entry.connection}/${entry.channel}`, entry.at);
      else if (entry.kind === 'cancelled' && entry.queue === roll) leave((key) => key === `${entry.connection}/${entry.channel}`, entry.at);
      else if (entry.kind === 'channel-closed') leave((key) => key === `${entry.connection}/${entry.channel}`, entry.at);
      else if (entry.kind === 'lost') leave((key) => key.startsWith(`${entry.connection}/`), entry.at);
    }
    leave(() => true, Infinity);
  }
  return presences.sort((one, other) => one.from - other.from);
}

/** Time in which a condition held. */
export interface Span {
  readonly from: number;
  readonly until: number;
}

/** When somebody was there, and everybody who was there read the version. Spans that touch are one. */
export function spansWhereAllRead(version: (window: Window) => boolean, presences: readonly Presence[]): Span[] {
  const moments = [...new Set(presences.flatMap(({ from, until }) => [from, until]))].sort((one, other) => one - other);
  const spans: Span[] = [];
  for (let index = 0; index < moments.length; index += 1) {
    const from = moments[index]!;
    const until = moments[index + 1] ?? Infinity;
    const there = presences.filter((presence) => presence.from <= from && presence.until > from);
    if (from === Infinity || there.length === 0 || !there.every(({ window }) => version(window))) continue;
    const last = spans.at(-1);
    if (last !== undefined && last.until === from) spans[spans.length - 1] = { from: last.from, until };
    else spans.push({ from, until });
  }
  return spans;
}
