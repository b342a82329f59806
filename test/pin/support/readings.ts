import fc from 'fast-check';
import type { PinRules, Reading } from '#lynchpin/pin/index.js';
import { Line, type Version } from '#lynchpin/versions/index.js';

/** The versions of the client in these tests. */
export const LINE = Line.between('VolumeApi', '3.0', '3.4');

/** The reading of a fleet whose servers each read one window. */
export function fleet(...windows: readonly (readonly [Version, Version])[]): Reading & { known: true } {
  const readers = new Map<Version, number | undefined>();
  for (const version of LINE.versions) {
    const at = Number(version.slice(2));
    readers.set(version, windows.filter(([floor, head]) => Number(floor.slice(2)) <= at && at <= Number(head.slice(2))).length);
  }
  return { known: true, servers: windows.length, readers };
}

/** A fleet of servers that all read from 3.0 up to the given versions. */
export const upTo = (...heads: readonly Version[]): Reading & { known: true } =>
  fleet(...heads.map((head): [Version, Version] => ['3.0', head]));

/** A reading with some counts replaced. */
export function but(reading: Reading & { known: true }, counts: Readonly<Record<string, number | undefined>>): Reading & { known: true } {
  return { ...reading, readers: new Map([...reading.readers, ...(Object.entries(counts) as [Version, number | undefined][])]) };
}

export const UNKNOWN: Reading = { known: false, reason: 'timeout' };

const minor = fc.integer({ min: 0, max: 4 });
const window = fc.tuple(minor, minor).map(([a, b]): [Version, Version] => [`3.${Math.min(a, b)}`, `3.${Math.max(a, b)}`]);
const wholeFleet = fc
  .array(fc.oneof({ weight: 3, arbitrary: minor.map((head): [Version, Version] => ['3.0', `3.${head}`]) }, window), {
    minLength: 1,
    maxLength: 4,
  })
  .map((windows) => fleet(...windows));
const noisy = fc
  .tuple(wholeFleet, fc.array(fc.tuple(minor, fc.option(fc.integer({ min: 0, max: 5 }), { nil: undefined })), { maxLength: 3 }))
  .map(([reading, noise]) => but(reading, Object.fromEntries(noise.map(([at, count]) => [`3.${at}`, count]))));
const unknown = fc.constantFrom<Reading>(
  UNKNOWN,
  { known: false, reason: 'nobody' },
  { known: false, reason: 'down' },
  { known: true, servers: 0, readers: new Map() },
);
const reading = fc.oneof({ weight: 6, arbitrary: wholeFleet }, { weight: 3, arbitrary: noisy }, { weight: 1, arbitrary: unknown });

/** One look: how long after the one before, and what it told. */
export interface Step {
  readonly wait: number;
  readonly reading: Reading;
}

/** Histories in which readings last for a while, so that quiet times and second looks come to their end. */
export const histories = fc
  .array(
    fc.tuple(reading, fc.array(fc.constantFrom(0, 1, 100, 249, 250, 400, 900, 999, 3_000, 6_000, 20_000), { minLength: 1, maxLength: 8 })),
    { minLength: 1, maxLength: 6 },
  )
  .map((phases) => phases.flatMap(([seen, waits]) => waits.map((wait): Step => ({ wait, reading: seen }))));

/** Rules with and without a cap. */
export const ruleSets: fc.Arbitrary<PinRules> = fc.record({
  line: fc.constant(LINE),
  cap: fc.option(fc.constantFrom<Version>('3.0', '3.2', '3.3'), { nil: undefined }),
  settle: fc.constantFrom(1, 300, 1_000, 10_000),
  secondLook: fc.constant(250),
});
