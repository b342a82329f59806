import type { PinSeen } from '../fleet/pins.js';
import { describeShape, type Shape } from './shape.js';

/** What one fleet went through, and what its clients made of it. Times are monotonic, in ms. */
export interface Told {
  readonly shape: Shape;
  /** When the broker was asked to go down, and when it answered again. */
  readonly down: number;
  readonly up: number;
  /** When the last old server was told to go, and when it was gone. */
  readonly leaving: number;
  readonly gone: number;
  /** The pins of each client, by its name. */
  readonly pins: ReadonlyMap<string, readonly PinSeen[]>;
}

export const OLD = '1.2';
export const NEW = '1.4';

/** Whether a version is one that old servers do not read. A client that has not been admitted yet is below even theirs. */
export function isAbove(version: string): boolean {
  return Number(version.split('.')[1]) > Number(OLD.split('.')[1]);
}

/** How much longer than the quiet time a release may take, in ms. */
const ALLOWANCE = 3_000;

/** Every raise that came while an old server lived, or before the quiet time was over; of one client if it is named. */
export function earlyRaises({ shape, up, leaving, pins }: Told, client?: string): string[] {
  // A quiet time that ran when the broker went down counts for nothing.
  const from = shape.goneBefore ? up : leaving;
  const since = shape.goneBefore ? 'the broker was back' : 'the last old server left';
  return select(pins, client).flatMap(([name, seen]) => {
    const raise = seen.find(({ version }) => isAbove(version));
    if (raise === undefined || raise.at >= from + shape.settle) return [];
    return [`${describeShape(shape)}\n  ${name} went to ${raise.version} ${Math.round(raise.at - from)} ms after ${since}`];
  });
}

/** Every release that did not come within the quiet time and three seconds. */
export function lateReleases({ shape, up, gone, pins }: Told, client?: string): string[] {
  if (shape.goneBefore) return [];
  const from = Math.max(up, gone);
  return select(pins, client).flatMap(([name, seen]) => {
    const release = seen.find(({ version }) => version === NEW);
    if (release !== undefined && release.at <= from + shape.settle + ALLOWANCE) return [];
    const when = release === undefined ? 'never' : `${Math.round(release.at - from)} ms after the last old server was gone`;
    return [`${describeShape(shape)}\n  ${name} was released ${when}`];
  });
}

function select(pins: Told['pins'], client: string | undefined): readonly (readonly [string, readonly PinSeen[]])[] {
  return [...pins].filter(([name]) => client === undefined || name === client);
}
