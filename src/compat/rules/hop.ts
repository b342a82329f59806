import { compareVersions, type Version } from '../../versions/index.js';
import type { DirectionFacts } from '../facts/facts.js';
import type { ConversionFacts, RenameFacts } from '../facts/surface.js';
import type { Severity } from './finding.js';

/** One step of a line: from a version to the one after it, for one object or one message. */
export interface Hop {
  /** Whose findings they are. */
  readonly owner: { readonly kind: 'object' | 'api'; readonly name: string };
  /** The object, or the message. */
  readonly name: string;
  /** Whether it is a message, whose fields count in the versions of its API. */
  readonly message: boolean;
  readonly from: Version;
  readonly to: Version;
  /** Which way the data travels. */
  readonly direction: DirectionFacts;
  readonly conversions: ConversionFacts;
}

/**
 * Which way data must be convertible, for a change to hurt nobody. Both ways are used whichever way data travels: an old
 * sender's data is taken up by new servers, and a new client that is still pinned reads the answers of old ones; the way
 * down likewise. So the direction decides not who is affected, but how badly.
 */
export type Way = 'up' | 'down';

type Level = Exclude<Severity, 'off'>;

/** What breaks, when data cannot be taken a way. */
export function levelOf(way: Way, direction: DirectionFacts): Level {
  if (direction === 'none') return 'info';
  if (way === 'up') return direction === 'out' ? 'warn' : 'error';
  return direction === 'in' ? 'info' : 'error';
}

/** The worse of the levels. */
export function worst(levels: readonly Level[]): Level {
  return levels.includes('error') ? 'error' : levels.includes('warn') ? 'warn' : 'info';
}

/** Whether a function takes the data of this hop that way. What it makes of it is for the laws to try. */
export function hasStep({ conversions, from, to }: Hop, way: Way): boolean {
  return conversions.steps.some((step) =>
    way === 'up'
      ? step.direction === 'up' && step.from === from && step.to === to
      : step.direction === 'down' && step.from === to && step.to === from,
  );
}

/** Whether functions take the data both ways, so that their author has thought about it. */
export function isBridged(hop: Hop): boolean {
  return hasStep(hop, 'up') && hasStep(hop, 'down');
}

/** Those of the ways for which there is no function. */
export function open(hop: Hop, ways: readonly Way[]): readonly Way[] {
  return ways.filter((way) => !hasStep(hop, way));
}

/** Who breaks when data cannot be taken a way. */
export function victims({ direction, from, to }: Hop, way: Way): string {
  if (direction === 'none') return 'nobody yet: no API reaches it; whoever stores it reads it back at another version';
  if (way === 'up')
    return direction === 'out'
      ? `clients at ${to} that are still pinned: they read what servers at ${from} answer`
      : `peers at ${from}: servers at ${to} refuse what they send`;
  return direction === 'in'
    ? `nobody who is at ${from}: a client at ${to} that is pinned to ${from} is refused before it sends`
    : `peers at ${from}: servers at ${to} cannot answer them`;
}

/** The function to write for a way. */
export function spellStep({ from, to }: Hop, way: Way): string {
  return way === 'up' ? `@Upgrade({ from: '${from}', to: '${to}' })` : `@Backport({ from: '${to}', to: '${from}' })`;
}

/** The renames that a hop crosses. */
export function crossed(renames: readonly RenameFacts[], from: Version, to: Version): readonly RenameFacts[] {
  return renames.filter(({ until }) => compareVersions(from, until) < 0 && compareVersions(until, to) <= 0);
}

/** Records of the older version under the names of the newer one. */
export function renamed<T>(
  before: Readonly<Record<string, T>>,
  after: Readonly<Record<string, T>>,
  renames: readonly RenameFacts[],
): Readonly<Record<string, T>> {
  return Object.fromEntries(
    Object.entries(before).map(([name, value]) => {
      const rename = renames.find(({ was, name: now }) => was === name && Object.hasOwn(after, now));
      return [rename?.name ?? name, value];
    }),
  );
}

/** Today's name of a field or method, given the one that it has at a version. */
export function todaysName({ renames }: Pick<ConversionFacts, 'renames'>, name: string, at: Version): string {
  const later = renames.filter(({ until }) => compareVersions(until, at) > 0).sort((a, b) => compareVersions(a.until, b.until));
  return later.reduce((current, rename) => (rename.was === current ? rename.name : current), name);
}
