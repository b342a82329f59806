import assert from 'node:assert/strict';
import fc from 'fast-check';
import { decide, firstStanding, type PinRules, type Reading, type Standing } from '#lynchpin/pin/index.js';
import type { Version } from '#lynchpin/versions/index.js';
import { LAWS, type Decide } from './support/laws.js';
import { but, fleet, histories, LINE, ruleSets, UNKNOWN, upTo } from './support/readings.js';

const RULES: PinRules = { line: LINE, settle: 10_000, secondLook: 250 };
const SEED = 20_260_117;

interface Row {
  readonly fact: string;
  readonly looks: readonly (readonly [at: number, reading: Reading, expect: string])[];
  readonly rules?: Partial<PinRules>;
}

const held = (version: Version): Row['looks'][number] => [0, upTo(version, '3.4'), `held ${version}`];
const released: Row['looks'][number] = [0, upTo('3.4', '3.4'), 'released 3.4'];
const seconds = (from: number, to: number, reading: Reading, expect: string): Row['looks'] =>
  Array.from({ length: to - from + 1 }, (_, step) => [(from + step) * 1_000, reading, expect] as const);

const TABLE: readonly Row[] = [
  {
    fact: 'nothing known: the floor',
    looks: [
      [0, UNKNOWN, 'unknown 3.0'],
      [99_000, { known: false, reason: 'nobody' }, 'unknown 3.0'],
    ],
  },
  { fact: 'the first census is believed at once', looks: [held('3.2')] },
  { fact: 'the first census releases at once when all read the newest', looks: [released] },
  {
    fact: 'a server that is joining counts at the first census',
    looks: [
      [0, { ...upTo('3.2', '3.4'), servers: 1 }, 'settling 3.2'],
      [9, upTo('3.2', '3.4'), 'held 3.2'],
    ],
  },
  {
    fact: 'a raise waits for the whole quiet time',
    looks: [held('3.2'), ...seconds(1, 10, upTo('3.4', '3.4'), 'settling 3.2'), [11_000, upTo('3.4'), 'released 3.4']],
  },
  {
    fact: 'each higher version has a quiet time of its own',
    looks: [
      held('3.2'),
      ...seconds(1, 5, upTo('3.3', '3.4'), 'settling 3.2'),
      ...seconds(6, 10, upTo('3.4'), 'settling 3.2'),
      [11_000, upTo('3.4'), 'settling 3.3'],
      [16_000, upTo('3.4'), 'released 3.4'],
    ],
  },
  {
    fact: 'an unknown look starts the quiet time anew',
    looks: [
      held('3.2'),
      ...seconds(1, 9, upTo('3.4'), 'settling 3.2'),
      [10_000, UNKNOWN, 'held 3.2'],
      ...seconds(11, 20, upTo('3.4'), 'settling 3.2'),
      [21_000, upTo('3.4'), 'released 3.4'],
    ],
  },
  {
    fact: 'two looks far apart are no quiet time',
    looks: [held('3.2'), [1_000, upTo('3.4'), 'settling 3.2'], [60_000, upTo('3.4'), 'settling 3.2']],
  },
  {
    fact: 'more readers than servers are not all of them',
    looks: [held('3.2'), ...seconds(1, 30, but(upTo('3.2', '3.2'), { '3.4': 3 }), 'held 3.2')],
  },
  {
    fact: 'lowered at the second look',
    looks: [
      released,
      [1_000, upTo('3.2', '3.4'), 'released 3.4'],
      [1_249, upTo('3.2', '3.4'), 'released 3.4'],
      [1_250, upTo('3.2', '3.4'), 'held 3.2'],
    ],
  },
  {
    fact: 'a dip lowers nothing',
    looks: [
      released,
      [1_000, upTo('3.2', '3.4'), 'released 3.4'],
      [1_100, upTo('3.4', '3.4'), 'released 3.4'],
      [1_300, upTo('3.2', '3.4'), 'released 3.4'],
    ],
  },
  {
    fact: 'an unknown look between two that are below parts them',
    looks: [
      released,
      [1_000, upTo('3.2', '3.4'), 'released 3.4'],
      [1_100, UNKNOWN, 'released 3.4'],
      [1_300, upTo('3.2', '3.4'), 'released 3.4'],
    ],
  },
  {
    fact: 'released stays so while nobody is there',
    looks: [
      released,
      [90_000, { known: false, reason: 'nobody' }, 'released 3.4'],
      [99_000, { known: true, servers: 0, readers: new Map() }, 'released 3.4'],
    ],
  },
  {
    fact: 'a pinned version without a count is unknown',
    looks: [
      released,
      [1_000, but(upTo('3.2', '3.4'), { '3.4': undefined }), 'released 3.4'],
      [9_000, but(upTo('3.2', '3.4'), { '3.4': undefined }), 'released 3.4'],
    ],
  },
  {
    fact: 'a higher version without a count is never picked',
    looks: [
      [0, but(upTo('3.2', '3.2'), { '3.3': undefined, '3.4': undefined }), 'held 3.2'],
      [30_000, but(upTo('3.4', '3.4'), { '3.4': undefined }), 'settling 3.2'],
    ],
  },
  {
    fact: 'no version in common: the highest that has a reader, at the second look',
    looks: [
      [0, fleet(['3.0', '3.1'], ['3.2', '3.3']), 'unknown 3.0'],
      [250, fleet(['3.0', '3.1'], ['3.2', '3.3']), 'split 3.3'],
    ],
  },
  {
    fact: 'no split is said while a count is unknown',
    looks: [
      [0, but(fleet(['3.0', '3.1'], ['3.2', '3.3']), { '3.4': undefined }), 'unknown 3.0'],
      [9_000, but(fleet(['3.0', '3.1'], ['3.2', '3.3']), { '3.4': undefined }), 'unknown 3.0'],
    ],
  },
  {
    fact: 'a split that loses its side goes to the other',
    looks: [
      [0, fleet(['3.0', '3.1'], ['3.2', '3.3']), 'unknown 3.0'],
      [250, fleet(['3.0', '3.1'], ['3.2', '3.3']), 'split 3.3'],
      [9_000, fleet(['3.0', '3.1']), 'held 3.1'],
    ],
  },
  {
    fact: 'nobody reads anything: split, at the floor',
    looks: [
      [0, but(fleet(['3.0', '3.0']), { '3.0': 0 }), 'unknown 3.0'],
      [250, but(fleet(['3.0', '3.0']), { '3.0': 0 }), 'split 3.0'],
    ],
  },
  {
    fact: 'a floor that moved past the pin takes it along, only as far as it must',
    looks: [
      [0, upTo('3.0', '3.4'), 'held 3.0'],
      [1_000, fleet(['3.2', '3.4']), 'held 3.0'],
      [1_250, fleet(['3.2', '3.4']), 'settling 3.2'],
      [6_000, fleet(['3.2', '3.4']), 'settling 3.2'],
      [11_000, fleet(['3.2', '3.4']), 'released 3.4'],
    ],
  },
  {
    fact: 'a cap holds where all read more',
    rules: { cap: '3.2' },
    looks: [
      [0, upTo('3.4'), 'capped 3.2'],
      [99_000, upTo('3.4'), 'capped 3.2'],
    ],
  },
  {
    fact: 'a cap forces nothing up',
    rules: { cap: '3.3' },
    looks: [
      [0, UNKNOWN, 'unknown 3.0'],
      [1, upTo('3.1', '3.4'), 'held 3.1'],
    ],
  },
];

describe('the decision about a pin', () => {
  for (const { fact, looks, rules } of TABLE) {
    it(fact, () => {
      let standing = firstStanding({ ...RULES, ...rules });
      for (const [at, reading, expect] of looks) {
        standing = decide(standing, reading, at, { ...RULES, ...rules });
        assert.equal(`${standing.state} ${standing.version}`, expect, `at ${at} ms`);
      }
    });
  }

  it('a cap that is set lowers the pin at once, even blindly', () => {
    const before = decide(firstStanding(RULES), upTo('3.4'), 0, RULES);
    assert.equal(decide(before, UNKNOWN, 1, { ...RULES, cap: '3.1' }).version, '3.1');
    assert.equal(decide(before, upTo('3.4'), 1, { ...RULES, cap: '3.1' }).state, 'capped');
  });

  for (const [law, holds] of Object.entries(LAWS)) {
    it(law, () =>
      fc.assert(
        fc.property(histories, ruleSets, (steps, rules) => holds(decide, steps, rules)),
        { seed: SEED, numRuns: 1_000 },
      ),
    );
  }
});

/** Ways in which a decision could be wrong. Each must break a law. */
const BROKEN: Readonly<Record<string, Decide>> = {
  'does not wait for settle': (before, reading, now, rules) => decide(before, reading, now, { ...rules, settle: 0 }),
  'lets a quiet time survive an unknown look': (before, reading, now, rules) => {
    const after = decide(before, reading, now, rules);
    return reading.known ? after : { ...after, quiet: before.quiet, looked: before.looked };
  },
  'lets a quiet time survive a long gap': (before, reading, now, rules) => decide({ ...before, looked: now }, reading, now, rules),
  'lowers at the first look': (before, reading, now, rules) => decide(before, reading, now, { ...rules, secondLook: 0 }),
  'takes an empty roll for zero readers': (before, reading, now, rules) =>
    decide(
      before,
      reading.known && reading.servers > 0
        ? reading
        : { known: true, servers: 1, readers: new Map(LINE.versions.map((version) => [version, 0])) },
      now,
      rules,
    ),
  'takes a missing count for none': (before, reading, now, rules) =>
    decide(
      before,
      reading.known ? { ...reading, readers: new Map([...reading.readers].map(([version, count]) => [version, count ?? 0])) } : reading,
      now,
      rules,
    ),
  'starts at the newest version': (before, reading, now, rules) => {
    const after = decide(before, reading, now, rules);
    return after.state === 'unknown' ? { ...after, version: rules.cap ?? LINE.head } : after;
  },
  'takes at least all for exactly all': (before, reading, now, rules) =>
    decide(
      before,
      reading.known && before.state !== 'unknown'
        ? {
            ...reading,
            readers: new Map(
              [...reading.readers].map(([version, count]) => [version, count === undefined ? count : Math.min(count, reading.servers)]),
            ),
          }
        : reading,
      now,
      rules,
    ),
  'forgets the cap': (before, reading, now, rules) => decide(before, reading, now, { ...rules, cap: undefined }),
  'picks the lowest at first': (before, reading, now, rules) => {
    const after = decide(before, reading, now, rules);
    return before.state === 'unknown' && after.state === 'held' ? { ...after, version: LINE.floor } : after;
  },
  'settles before it believes the first census': (before, reading, now, rules) =>
    before.state === 'unknown' && reading.known && reading.servers > 0
      ? decide({ ...before, state: 'held' }, reading, now, rules)
      : decide(before, reading, now, rules),
  'never raises': (before, reading, now, rules) => decide({ ...before, quiet: new Map() }, reading, now, rules),
  'never lowers': (before, reading, now, rules) => decide({ ...before, doubt: undefined }, reading, now, rules),
  'starts its doubt anew at each look': (before, reading, now, rules): Standing => {
    const after = decide(before, reading, now, rules);
    return after.doubt === undefined ? after : { ...after, doubt: now };
  },
  'says split when a count is missing': (before, reading, now, rules) => {
    const after = decide(before, reading, now, rules);
    return reading.known && after.doubt !== undefined && [...reading.readers.values()].includes(undefined)
      ? { ...after, state: 'split' }
      : after;
  },
};

describe('the laws of the decision catch one that', () => {
  for (const [fault, broken] of Object.entries(BROKEN)) {
    it(fault, () => {
      const caught = Object.values(LAWS).some(
        (holds) =>
          fc.check(
            fc.property(histories, ruleSets, (steps, rules) => holds(broken, steps, rules)),
            { seed: SEED, numRuns: 1_000 },
          ).failed,
      );
      assert(caught, `no law notices a decision that ${fault}`);
    });
  }
});
