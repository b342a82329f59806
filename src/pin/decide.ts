import { compareVersions, type Line, type Version } from '../versions/index.js';
import type { PinState } from '../rpc/index.js';
import { between, highest, type Reading } from './reading.js';

/** What the decision depends on besides the census. */
export interface PinRules {
  /** The versions that the client speaks. */
  readonly line: Line;
  /** The highest version that may be used, one of the line's; undefined for no cap. */
  readonly cap?: Version | undefined;
  /** The lowest version that may be used, one of the line's and not above the cap: what is final. Undefined for the line's floor. */
  readonly least?: Version | undefined;
  /** Whether the pin may only be lowered, because there may be a hold that is not known. Then nothing settles either. */
  readonly frozen?: boolean;
  /** How long a higher version must be read by all, without a break, before the pin is raised, in ms. */
  readonly settle: number;
  /** How long after a first look that would lower the pin a second one must agree, in ms. */
  readonly secondLook: number;
}

/** A pin and what must be remembered between two looks. Times are a monotonic clock's. */
export interface Standing {
  readonly version: Version;
  readonly state: PinState;
  /** Since when each version has been read by exactly all, look after look. */
  readonly quiet: ReadonlyMap<Version, number>;
  /** Since when the pinned version has been read by fewer than all; undefined while it is not. */
  readonly doubt: number | undefined;
  /** When the last look that told something was; undefined after one that did not. */
  readonly looked: number | undefined;
}

const NOTHING: ReadonlyMap<Version, number> = new Map();

/** Two looks further apart than this (or than half of `settle`, if that is more) do not count as unbroken, in ms. */
const LONGEST_GAP = 1_000;

/** A pin before its first census: the lowest that may be used, because everyone can be expected to read that. */
export function firstStanding(rules: PinRules): Standing {
  return { version: rules.least ?? rules.line.floor, state: 'unknown', quiet: NOTHING, doubt: undefined, looked: undefined };
}

/**
 * Decides what a pin is after a look at the census. Pure: the same arguments always give the same answer, and asking
 * again with the answer changes nothing.
 *
 * Safety does not rest here. A server is never handed a message from a lane that it does not consume, whatever is decided;
 * a wrong pin costs speed or a refused method. That is why the first census is believed at once, without `settle`: there is
 * no older decision to protect, and a client that had to wait ten seconds at each start would be of no use.
 *
 * - Raised only to a version that exactly all servers have read for the whole of `settle`.
 * - Lowered when fewer than all read the pinned version, twice, at least `secondLook` apart.
 * - Raised without `settle` in one case: nobody at all reads the pinned version, twice, and nothing below it is common.
 * - Unknown (a census that failed, an empty roll, a pinned version without a count) holds, and ends every quiet time.
 * - A cap takes effect at once, known or not; it never forces anything up.
 * - What is final takes effect at once too, upwards: everyone has said that they read it before it became so.
 * - While it is frozen nothing raises it, and a first census is not believed.
 */
export function decide(before: Standing, reading: Reading, now: number, rules: PinRules): Standing {
  const from = bounded(before, rules);
  if (!reading.known || reading.servers <= 0) return held(from);
  if (rules.frozen === true && from.state === 'unknown') return held(from);

  const { servers, readers } = reading;
  const usable = between(rules.line, rules.least, rules.cap);
  const versions = rules.frozen === true ? usable.filter((version) => compareVersions(version, from.version) <= 0) : usable;
  const count = (version: Version): number | undefined => readers.get(version);
  const quiet = quietTimes(from, reading, now, rules, versions);

  if (from.state === 'unknown') {
    const doubtful = { ...from, doubt: from.doubt ?? now, looked: now };
    // A server that is joining is on its versions before it is on the roll: whoever is on any of them is there.
    const there = Math.max(servers, ...versions.map((version) => count(version) ?? 0));
    const common = highest(versions, (version) => (count(version) ?? 0) >= there);
    if (common !== undefined) return onCommon({ version: common, quiet, doubt: undefined, looked: now }, rules);
    if (versions.some((version) => count(version) === undefined) || now - doubtful.doubt < rules.secondLook) return doubtful;
    return { ...doubtful, version: highest(versions, (version) => (count(version) ?? 0) > 0) ?? from.version, state: 'split' };
  }

  const reads = count(from.version);
  if (reads === undefined) return held(from);
  let version = from.version;
  let doubt = reads < servers ? (from.doubt ?? now) : undefined;
  const sure = doubt !== undefined && now - doubt >= rules.secondLook;
  if (sure) {
    const all = (other: Version): boolean => (count(other) ?? 0) >= servers;
    const lower = highest(versions, (other) => compareVersions(other, version) < 0 && all(other));
    const next = lower ?? (reads > 0 ? undefined : replacement(version, versions, all, quiet, count, now, rules));
    if (next !== undefined) version = next;
    if (lower !== undefined || (next !== undefined && all(next))) doubt = undefined;
  }
  const settled = highest(versions, (other) => {
    const since = quiet.get(other);
    return since !== undefined && compareVersions(other, version) > 0 && now - since >= rules.settle;
  });
  if (settled !== undefined) {
    version = settled;
    doubt = undefined;
  }

  if (doubt === undefined) return onCommon({ version, quiet, doubt, looked: now }, rules);
  const rising = rises(version, quiet);
  const none = usable.every((other) => (count(other) ?? servers) < servers);
  const state: PinState = sure && rising ? 'settling' : sure && none ? 'split' : from.state === 'settling' && !rising ? 'held' : from.state;
  return { version, state, quiet, doubt, looked: now };
}

/** Where to go when nobody reads the pinned version and no version below it is common. */
function replacement(
  pinned: Version,
  versions: readonly Version[],
  all: (version: Version) => boolean,
  quiet: ReadonlyMap<Version, number>,
  count: (version: Version) => number | undefined,
  now: number,
  rules: PinRules,
): Version | undefined {
  const common = versions.filter((other) => compareVersions(other, pinned) > 0 && all(other));
  // The lowest, and only what two looks agree on: the rest of the way up takes its quiet time like any other raise.
  if (common.length > 0) return common.find((other) => now - (quiet.get(other) ?? now) >= rules.secondLook);
  if (versions.some((other) => count(other) === undefined)) return undefined;
  return highest(versions, (other) => (count(other) ?? 0) > 0);
}

function quietTimes(
  from: Standing,
  reading: Reading & { known: true },
  now: number,
  rules: PinRules,
  versions: readonly Version[],
): ReadonlyMap<Version, number> {
  const gap = Math.max(LONGEST_GAP, rules.settle / 2);
  const unbroken = from.looked !== undefined && now - from.looked <= gap;
  const quiet = new Map<Version, number>();
  for (const version of versions) {
    if (reading.readers.get(version) === reading.servers) quiet.set(version, (unbroken ? from.quiet.get(version) : undefined) ?? now);
  }
  return quiet;
}

/** Names the state of a pin whose version all servers read. */
function onCommon(standing: Omit<Standing, 'state'>, rules: PinRules): Standing {
  const { version, quiet } = standing;
  const state: PinState = rises(version, quiet)
    ? 'settling'
    : version === rules.line.head
      ? topState(rules)
      : version === rules.cap
        ? 'capped'
        : 'held';
  return { ...standing, state };
}

/** What a standing is under rules that may have changed since. */
function bounded(before: Standing, rules: PinRules): Standing {
  const { line, cap, least } = rules;
  const { version, state } = before;
  if (cap !== undefined && compareVersions(version, cap) > 0)
    return { ...before, version: cap, state: state === 'unknown' ? 'unknown' : 'capped', doubt: undefined };
  if (least !== undefined && compareVersions(version, least) < 0)
    return {
      ...before,
      version: least,
      state: state === 'unknown' ? 'unknown' : least === line.head ? 'finalized' : 'held',
      doubt: undefined,
    };
  const top = topState(rules);
  return (state === 'released' || state === 'finalized') && state !== top ? { ...before, state: top } : before;
}

/** What the state of a pin at the newest version is called: nothing older may join any more once that is final. */
function topState({ line, least }: PinRules): PinState {
  return least === line.head ? 'finalized' : 'released';
}

/** Whether the quiet time of a higher version is running. */
function rises(version: Version, quiet: ReadonlyMap<Version, number>): boolean {
  return [...quiet.keys()].some((other) => compareVersions(other, version) > 0);
}

/** What unknown leaves of a standing: the pin itself. A quiet time does not survive it. */
function held(from: Standing): Standing {
  return { ...from, state: from.state === 'settling' ? 'held' : from.state, quiet: NOTHING, doubt: undefined, looked: undefined };
}
