import assert from 'node:assert/strict';
import { firstStanding, type decide, type PinRules, type Reading, type Standing } from '#lynchpin/pin/index.js';
import { compareVersions, type Version } from '#lynchpin/versions/index.js';
import { LINE, upTo, type Step } from './readings.js';

export type Decide = typeof decide;

interface Moment {
  readonly at: number;
  readonly reading: Reading;
  readonly before: Standing;
  readonly after: Standing;
}

/** What must hold of every decision, said without the words of the code that takes it. Each throws when it is broken. */
export const LAWS: Readonly<Record<string, (decide: Decide, steps: readonly Step[], rules: PinRules) => void>> = {
  'a raise needs a whole quiet time, or that nobody reads the pin': (decide, steps, rules) => {
    for (const [at, moment] of play(decide, steps, rules).entries()) {
      if (moment.before.state === 'unknown' || compareVersions(moment.after.version, moment.before.version) <= 0) continue;
      const past = play(decide, steps, rules).slice(0, at + 1);
      const equal = lasted(past, rules, (reading) => reading.readers.get(moment.after.version) === reading.servers);
      const empty = lasted(past, rules, (reading) => (reading.readers.get(moment.before.version) ?? 1) < reading.servers);
      const nobody = known(moment.reading) && moment.reading.readers.get(moment.before.version) === 0 && empty >= rules.secondLook;
      assert(equal >= rules.settle || nobody, `raised after ${equal} ms of ${rules.settle}`);
    }
  },
  'a pin is lowered only when fewer than all read it, twice': (decide, steps, rules) => {
    const moments = play(decide, steps, rules);
    for (const [at, moment] of moments.entries()) {
      if (moment.before.state === 'unknown' || compareVersions(moment.after.version, moment.before.version) >= 0) continue;
      const { version } = moment.before;
      const below = lasted(moments.slice(0, at + 1), undefined, (reading) => (reading.readers.get(version) ?? Infinity) < reading.servers);
      assert(below >= rules.secondLook, `lowered after ${below} ms`);
    }
  },
  'unknown changes neither the version nor releases anything': (decide, steps, rules) => {
    for (const { reading, before, after } of play(decide, steps, rules)) {
      if (known(reading) && (before.state === 'unknown' || reading.readers.get(before.version) !== undefined)) continue;
      assert.equal(after.version, before.version);
      assert.equal(after.quiet.size, 0);
      assert(after.state === before.state || (before.state === 'settling' && after.state === 'held'));
    }
  },
  'before the first census the floor is used': (decide, steps, rules) => {
    for (const { after } of play(decide, steps, rules)) {
      if (after.state === 'unknown') assert.equal(after.version, LINE.floor);
    }
  },
  'the first census that finds a common version is believed, and picks the highest': (decide, steps, rules) => {
    for (const { reading, before, after } of play(decide, steps, rules)) {
      if (before.state !== 'unknown' || !known(reading)) continue;
      const there = Math.max(reading.servers, ...usable(rules).map((version) => reading.readers.get(version) ?? 0));
      const common = usable(rules)
        .filter((version) => reading.readers.get(version) === there)
        .pop();
      if (common !== undefined) assert.equal(after.version, common);
      else assert(after.state === 'unknown' || after.state === 'split');
    }
  },
  'a cap is never exceeded': (decide, steps, rules) => {
    for (const { after } of play(decide, steps, rules)) assert(usable(rules).includes(after.version));
    if (rules.cap === undefined) return;
    const released: Standing = { version: LINE.head, state: 'released', quiet: new Map(), doubt: undefined, looked: 0 };
    for (const { reading } of steps) assert(compareVersions(decide(released, reading, 1, rules).version, rules.cap) <= 0);
  },
  'to decide again changes nothing': (decide, steps, rules) => {
    for (const { at, reading, after } of play(decide, steps, rules)) assert.deepEqual(decide(after, reading, at, rules), after);
  },
  'to look later never undoes what an earlier look would have done': (decide, steps, rules) => {
    for (const { at, reading, before, after } of play(decide, steps, rules)) {
      const later = decide(before, reading, at + 1, rules);
      if (before.looked !== undefined && at + 1 - before.looked > Math.max(1_000, rules.settle / 2)) continue;
      if (compareVersions(after.version, before.version) > 0) assert(compareVersions(later.version, after.version) >= 0);
      if (compareVersions(after.version, before.version) < 0 && before.state !== 'unknown') assert.notEqual(later.version, before.version);
    }
  },
  'split and released are said only when they are so': (decide, steps, rules) => {
    for (const { reading, before, after } of play(decide, steps, rules)) {
      if (after.state === 'released') assert.equal(after.version, LINE.head);
      if (!known(reading) || after.state !== 'split' || before.state === 'split') continue;
      assert(
        usable(rules).every((version) => (reading.readers.get(version) ?? Infinity) < reading.servers),
        'split, though a version is common or unknown',
      );
    }
  },
  'what fewer than all read is left soon, however often one looks': (decide, steps, rules) => {
    const last = play(decide, steps, rules).at(-1);
    let standing = last?.after ?? firstStanding(rules);
    const from = last?.at ?? 0;
    for (let waited = 1; waited <= rules.secondLook + 101; waited += 50)
      standing = decide(standing, upTo('3.0', '3.4'), from + waited, rules);
    assert.equal(standing.version, '3.0');
  },
  'what all read for long enough is spoken in the end': (decide, steps, rules) => {
    const moments = play(decide, steps, rules);
    let standing = moments[moments.length - 1]?.after ?? firstStanding(rules);
    let at = moments[moments.length - 1]?.at ?? 0;
    for (const heads of [['3.3', '3.4'], ['3.1', '3.4'], ['3.4']] as const) {
      for (let waited = 0; waited <= rules.settle + 2_000; waited += 500) standing = decide(standing, upTo(...heads), (at += 500), rules);
      const common = usable(rules)
        .filter((version) => compareVersions(version, heads[0]) <= 0)
        .pop();
      assert.equal(standing.version, common);
      assert.equal(standing.state, common === LINE.head ? 'released' : common === rules.cap ? 'capped' : 'held');
    }
  },
};

function play(decide: Decide, steps: readonly Step[], rules: PinRules): readonly Moment[] {
  let at = 0;
  let before = firstStanding(rules);
  return steps.map(({ wait, reading }) => {
    at += wait;
    const after = decide(before, reading, at, rules);
    const moment = { at, reading, before, after };
    before = after;
    return moment;
  });
}

/** For how long, up to the last moment, every look was known and said so; with rules, without a gap between the looks. */
function lasted(moments: readonly Moment[], rules: PinRules | undefined, said: (reading: Reading & { known: true }) => boolean): number {
  const last = moments[moments.length - 1] as Moment;
  let since = -Infinity;
  for (let at = moments.length - 1; at >= 0; at--) {
    const { reading, at: time } = moments[at] as Moment;
    const gap = since === -Infinity ? 0 : since - time;
    if (!known(reading) || !said(reading) || (rules !== undefined && gap > Math.max(1_000, rules.settle / 2))) break;
    since = time;
  }
  return last.at - since;
}

function known(reading: Reading): reading is Reading & { known: true } {
  return reading.known && reading.servers > 0;
}

function usable(rules: PinRules): readonly Version[] {
  return LINE.versions.filter((version) => rules.cap === undefined || compareVersions(version, rules.cap) <= 0);
}
