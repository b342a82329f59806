import assert from 'node:assert/strict';
import fc from 'fast-check';
import { decide, firstStanding, type PinRules, type Reading } from '#lynchpin/pin/index.js';
import { firstCourse, heldBackOf, steer, type Course } from '#lynchpin/pin/course.js';
import { compareVersions, type Version } from '#lynchpin/versions/index.js';
import { histories, LINE, UNKNOWN, upTo, type Step } from './support/readings.js';

const RULES: PinRules = { line: LINE, settle: 10_000, secondLook: 250 };
const SEED = 20_260_212;

type Steer = typeof steer;

interface Row {
  readonly fact: string;
  /** When, what the census says, how far the holds let it rise, and what then is: state, version, and what it would be without holds. */
  readonly looks: readonly (readonly [at: number, reading: Reading, ceiling: Version | undefined, expect: string])[];
  readonly rules?: Partial<PinRules>;
}

const seconds = (from: number, to: number, reading: Reading, ceiling: Version | undefined, expect: string): Row['looks'] =>
  Array.from({ length: to - from + 1 }, (_, step) => [(from + step) * 1_000, reading, ceiling, expect] as const);

const TABLE: readonly Row[] = [
  {
    fact: 'a hold lowers the pin at once, and its release gives it back at once',
    looks: [
      [0, upTo('3.4'), undefined, 'released 3.4'],
      [1, upTo('3.4'), '3.2', 'capped 3.2, but for holds 3.4'],
      [2, upTo('3.4'), undefined, 'released 3.4'],
    ],
  },
  {
    fact: 'a hold lowers it although nothing is known',
    looks: [
      [0, upTo('3.4'), undefined, 'released 3.4'],
      [1, UNKNOWN, '3.1', 'capped 3.1, but for holds 3.4'],
    ],
  },
  {
    fact: 'the first census is believed up to the hold, never above it',
    looks: [[0, upTo('3.4'), '3.3', 'capped 3.3, but for holds 3.4']],
  },
  {
    fact: 'while servers hold it, a hold is not what keeps it',
    looks: [
      [0, upTo('3.1', '3.4'), '3.2', 'held 3.1'],
      ...seconds(1, 10, upTo('3.4'), '3.2', 'settling 3.1'),
      [11_000, upTo('3.4'), '3.2', 'capped 3.2, but for holds 3.4'],
      [11_001, upTo('3.4'), undefined, 'released 3.4'],
    ],
  },
  {
    fact: 'a release before the quiet time has passed does not cut it short',
    looks: [
      [0, upTo('3.1', '3.4'), '3.2', 'held 3.1'],
      ...seconds(1, 5, upTo('3.4'), '3.2', 'settling 3.1'),
      ...seconds(6, 10, upTo('3.4'), undefined, 'settling 3.1'),
      [11_000, upTo('3.4'), undefined, 'released 3.4'],
    ],
  },
  {
    fact: 'a held pin falls like any other when an older server comes',
    looks: [
      [0, upTo('3.4'), '3.2', 'capped 3.2, but for holds 3.4'],
      [1_000, upTo('3.1', '3.4'), '3.2', 'capped 3.2, but for holds 3.4'],
      [1_250, upTo('3.1', '3.4'), '3.2', 'held 3.1'],
    ],
  },
  {
    fact: 'what is final is the least, before the first census and after it',
    rules: { least: '3.2' },
    looks: [
      [0, UNKNOWN, undefined, 'unknown 3.2'],
      [1, upTo('3.2', '3.4'), undefined, 'held 3.2'],
    ],
  },
  {
    fact: 'at its newest version, which is final, it is finalized',
    rules: { least: '3.4' },
    looks: [
      [0, UNKNOWN, undefined, 'unknown 3.4'],
      [1, upTo('3.4'), undefined, 'finalized 3.4'],
      [2, UNKNOWN, undefined, 'finalized 3.4'],
    ],
  },
  {
    fact: 'nothing is believed at first while it is frozen, and nothing raises it',
    rules: { frozen: true },
    looks: [
      [0, upTo('3.4'), undefined, 'unknown 3.0'],
      [99_000, upTo('3.4'), undefined, 'unknown 3.0'],
    ],
  },
];

function say(course: Course): string {
  const { state, version } = course.standing;
  const heldBack = heldBackOf(course);
  return `${state} ${version}${heldBack === undefined ? '' : `, but for holds ${heldBack}`}`;
}

describe('the course of a pin under holds', () => {
  for (const { fact, looks, rules } of TABLE) {
    it(fact, () => {
      let course = firstCourse({ ...RULES, ...rules });
      for (const [at, reading, ceiling, expect] of looks) {
        course = steer(course, reading, at, { ...RULES, ...rules }, ceiling);
        assert.equal(say(course), expect, `at ${at} ms`);
      }
    });
  }

  it('a version that becomes final takes the pin along at once, even blindly, and taking it back lets it be', () => {
    const held = decide(firstStanding(RULES), upTo('3.0', '3.4'), 0, RULES);
    assert.equal(held.version, '3.0');
    const final = decide(held, UNKNOWN, 1, { ...RULES, least: '3.3' });
    assert.deepEqual([final.version, final.state], ['3.3', 'held']);
    const newest = decide(held, UNKNOWN, 1, { ...RULES, least: '3.4' });
    assert.deepEqual([newest.version, newest.state], ['3.4', 'finalized']);
    assert.equal(decide(newest, UNKNOWN, 2, RULES).state, 'released');
  });

  it('while it is frozen it falls as ever, and starts its quiet time anew afterwards', () => {
    const frozen = { ...RULES, frozen: true };
    let standing = decide(firstStanding(RULES), upTo('3.2', '3.4'), 0, RULES);
    for (let at = 1_000; at <= 30_000; at += 1_000) standing = decide(standing, upTo('3.4'), at, frozen);
    assert.deepEqual([standing.version, standing.state], ['3.2', 'held']);
    assert.equal(decide(standing, upTo('3.4'), 31_000, RULES).state, 'settling');
    standing = decide(standing, upTo('3.1', '3.4'), 31_000, frozen);
    assert.equal(decide(standing, upTo('3.1', '3.4'), 31_250, frozen).version, '3.1');
  });
});

/** A hold that comes, changes and goes while a fleet does something. */
const ceilings = fc.array(fc.constantFrom<Version | undefined>(undefined, '3.0', '3.2', '3.3'), { minLength: 1, maxLength: 6 });
const rules = fc.record({
  line: fc.constant(LINE),
  cap: fc.option(fc.constantFrom<Version>('3.2', '3.3'), { nil: undefined }),
  least: fc.option(fc.constantFrom<Version>('3.0', '3.1'), { nil: undefined }),
  frozen: fc.boolean(),
  settle: fc.constantFrom(1, 300, 10_000),
  secondLook: fc.constant(250),
});

type Law = (steer: Steer, steps: readonly Step[], holds: readonly (Version | undefined)[], rules: PinRules) => void;

const LAWS: Readonly<Record<string, Law>> = {
  'a pin is never above a hold, unless what is final is': (course, steps, holds, given) => {
    for (const { after, ceiling } of play(course, steps, holds, given)) {
      const most = [ceiling, given.cap].filter((version) => version !== undefined).sort(compareVersions)[0];
      if (most !== undefined) assert(compareVersions(after.standing.version, most) <= 0, `${after.standing.version} above ${most}`);
    }
  },
  'a pin is never below what is final': (course, steps, holds, given) => {
    for (const { after } of play(course, steps, holds, given))
      for (const { version } of [after.standing, after.free]) assert(compareVersions(version, given.least ?? LINE.floor) >= 0);
  },
  'holds change nothing of what it would be without them': (course, steps, holds, given) => {
    const free = play(course, steps, [undefined], given);
    for (const [at, { after }] of play(course, steps, holds, given).entries()) assert.deepEqual(after.free, free[at]?.after.standing);
  },
  'without a hold in the way it is what it would be without holds': (course, steps, holds, given) => {
    for (const { after, ceiling } of play(course, steps, holds, given))
      if (ceiling === undefined) assert.deepEqual(after.standing, after.free);
  },
  'while it is frozen nothing raises it but the end of a hold': (course, steps, holds, given) => {
    for (const { before, after, ceiling, last } of play(course, steps, holds, { ...given, frozen: true }))
      if (ceiling === last) assert(compareVersions(after.standing.version, before.standing.version) <= 0);
  },
};

function play(course: Steer, steps: readonly Step[], holds: readonly (Version | undefined)[], given: PinRules) {
  let at = 0;
  let before = firstCourse(given);
  let last: Version | undefined;
  return steps.map(({ wait, reading }, step) => {
    at += wait;
    // Each hold stands for a few looks.
    const hold = holds[Math.floor(step / 5) % holds.length];
    const ceiling = hold !== undefined && given.least !== undefined && compareVersions(hold, given.least) < 0 ? given.least : hold;
    const after = course(before, reading, at, given, ceiling);
    const moment = { before, after, ceiling, last };
    before = after;
    last = ceiling;
    return moment;
  });
}

describe('of every course under holds', () => {
  for (const [law, holds] of Object.entries(LAWS)) {
    it(law, () =>
      fc.assert(
        fc.property(histories, ceilings, rules, (steps, held, given) => holds(steer, steps, held, given)),
        { seed: SEED, numRuns: 500 },
      ),
    );
  }
});

/** Ways in which it could be wrong. Each must break a law. */
const BROKEN: Readonly<Record<string, Steer>> = {
  'forgets the holds': (before, reading, now, given) => steer(before, reading, now, given, undefined),
  'lets a hold cap what it would be without holds': (before, reading, now, given, ceiling) =>
    steer(before, reading, now, { ...given, cap: ceiling ?? given.cap }, ceiling),
  'keeps a hold that has ended': (before, reading, now, given, ceiling) => {
    const after = steer(before, reading, now, given, ceiling);
    return ceiling === undefined && heldBackOf(before) !== undefined ? { ...after, standing: before.standing } : after;
  },
  'forgets what is final': (before, reading, now, given, ceiling) => steer(before, reading, now, { ...given, least: undefined }, ceiling),
  'believes the first census while it is frozen': (before, reading, now, given, ceiling) =>
    steer(before, reading, now, { ...given, frozen: given.frozen === true && before.free.state !== 'unknown' }, ceiling),
  'settles while it is frozen': (before, reading, now, given, ceiling) => steer(before, reading, now, { ...given, frozen: false }, ceiling),
};

describe('the laws of a course catch one that', () => {
  for (const [fault, broken] of Object.entries(BROKEN)) {
    it(fault, () => {
      const caught = Object.values(LAWS).some(
        (holds) =>
          fc.check(
            fc.property(histories, ceilings, rules, (steps, held, given) => holds(broken, steps, held, given)),
            { seed: SEED, numRuns: 500 },
          ).failed,
      );
      assert(caught, `no law notices one that ${fault}`);
    });
  }
});
