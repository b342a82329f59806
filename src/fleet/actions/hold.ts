import { LynchpinError } from '../../errors/index.js';
import type { Hold } from '../../pin/index.js';
import { isVersion, type Version } from '../../versions/index.js';
import type { FleetParts } from '../parts.js';
import { commonVersion } from './common-version.js';
import { mustBeKnown } from './known.js';
import { bounded, checkReason, said, type ReasonedOptions } from './said.js';

/** How a topic is held. */
export interface HoldOptions extends ReasonedOptions {
  /** Pins rise until this version and no further. Default: the highest that every live server reads now. */
  readonly until?: Version;
}

/** Which holds end. */
export interface ReleaseOptions extends ReasonedOptions {
  /** The id of the hold; `all` for every one that stands. Needed where several stand. */
  readonly hold?: string;
}

/**
 * Keeps the pins of every client of a topic from rising above a version, at once and until it is released.
 * @throws LynchpinError `INVALID`, `NO_SERVER`, `SPLIT`, `NO_LEDGER`, `TIMEOUT`, `FORBIDDEN`, `CONNECTION`.
 */
export async function hold(parts: FleetParts, topic: string, options: HoldOptions): Promise<Hold> {
  checkReason(`hold ${topic}`, options.reason);
  if (options.until !== undefined && !isVersion(options.until))
    throw new LynchpinError('INVALID', `until must be a version, MAJOR.MINOR; got ${JSON.stringify(options.until)}`, {
      until: options.until,
    });
  await mustBeKnown(parts, topic);
  return bounded(`holding ${topic}`, options, async (signal) => {
    // Filled in here, so that the hold means the same for everyone and for as long as it stands.
    const until = options.until ?? (await commonVersion(parts, topic, signal));
    const entry = { kind: 'hold', ...said(parts, options), until } as const;
    const { offset, state } = await parts.ledger(topic).append(entry, signal);
    const { id, author, reason, at } = entry;
    return state.holds.find((one) => one.id === id) ?? { id, author, reason, at, offset, until };
  });
}

/**
 * Ends a hold, or all of them.
 * @returns those that it ended.
 * @throws LynchpinError `INVALID` when none is meant by it or it is not said which, `NO_LEDGER`, `TIMEOUT`, `FORBIDDEN`, `CONNECTION`.
 */
export async function release(parts: FleetParts, topic: string, options: ReleaseOptions): Promise<readonly Hold[]> {
  checkReason(`release ${topic}`, options.reason);
  await mustBeKnown(parts, topic);
  return bounded(`releasing ${topic}`, options, async (signal) => {
    const ledger = parts.ledger(topic);
    const ended = meant(topic, (await ledger.look(signal)).holds, options.hold);
    for (const { id } of ended) {
      // One after the other: each is an entry of its own.
      await ledger.append({ kind: 'release', ...said(parts, options), hold: id }, signal);
    }
    return ended;
  });
}

/** Which of the holds that stand are meant. */
function meant(topic: string, holds: readonly Hold[], id: string | undefined): readonly Hold[] {
  if (holds.length === 0) throw new LynchpinError('INVALID', `nothing holds ${topic}: there is nothing to release`, { topic });
  if (id === 'all') return holds;
  const list = holds.map((one) => `${one.id} by ${one.author} (${one.reason})`).join('; ');
  if (id === undefined) {
    if (holds.length === 1) return holds;
    throw new LynchpinError('INVALID', `${holds.length} holds stand on ${topic}, say which one ends, or all: ${list}`, { topic, holds });
  }
  const found = holds.filter((one) => one.id === id);
  // Ids are long, and people type their beginnings.
  const begun = found.length > 0 ? found : holds.filter((one) => one.id.startsWith(id));
  if (begun.length === 1) return begun;
  throw new LynchpinError('INVALID', `no single hold on ${topic} has the id ${JSON.stringify(id)}; these stand: ${list}`, {
    topic,
    hold: id,
    holds,
  });
}
