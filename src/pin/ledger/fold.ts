import { compareVersions, type Version } from '../../versions/index.js';
import type { Content, Entry, Expire, Finalize, Foreign, Joined, Life, Newer, Prepare, Snapshot } from './entries.js';
import { united, versionsOf } from './lanes.js';
import { canFinalize, floorOf, obstacles, type InTheWay } from './questions.js';
import { COUNTED, contentOf, EMPTY_LEDGER, frozen, type LedgerState, type Member, type Outcome, type Unreadable } from './state.js';

/** What a process must have seen to expire another: how many looks at a queue that is gone, over how many ms. */
const EVIDENCE = { looks: 2, over: 10_000 } as const;
/** How many lives that are over are remembered. A late entry of one that is forgotten costs an expiry, nothing else. */
const DEPARTED = 1_000;

/** What an entry does: what it changes, and what is said of it. */
interface Effect {
  readonly change?: Partial<Content> & { readonly unreadable?: Unreadable | undefined };
  readonly outcome?: Outcome;
}

/**
 * Reads one more entry of a topic's log. Pure, total and without a clock: every process that reads the same log comes to
 * the same state at the same offset, and that is the only agreement there is.
 *
 * An offset that was read before changes nothing, so a reader that starts again may read too much. Offsets may have holes.
 */
export function fold(state: LedgerState, entry: Entry | Foreign | Newer, offset: number): LedgerState {
  if (!Number.isSafeInteger(offset) || offset <= state.offset) return state;
  const { change, outcome = COUNTED } =
    entry.kind === 'snapshot' ? snapshot(state, entry, offset) : effectOf(begun(state, offset), entry, offset);
  return frozen({ ...begun(state, offset), ...change, outcome, offset });
}

/** Reading that starts later than the log does has missed something, unless a snapshot stands for it. */
function begun(state: LedgerState, offset: number): LedgerState {
  return state.offset === EMPTY_LEDGER.offset && offset > 0 ? { ...state, unreadable: { cause: 'beginning', offset } } : state;
}

function effectOf(state: LedgerState, entry: Exclude<Entry, Snapshot> | Foreign | Newer, offset: number): Effect {
  switch (entry.kind) {
    case 'joined':
      return joined(state, entry, offset);
    case 'left':
      return left(state, entry);
    case 'expire':
      return expire(state, entry);
    case 'hold': {
      if (state.ids.includes(entry.id)) return DUPLICATE;
      const { id, author, reason, at, until } = entry;
      // Whoever holds has not agreed to what is being prepared.
      const holds = [...state.holds, { id, author, reason, at, offset, until, common: newestOfAll(state.members) }];
      return { change: { holds, prepared: undefined, ids: [...state.ids, id] } };
    }
    case 'release': {
      const holds = state.holds.filter(({ id }) => id !== entry.hold);
      return holds.length < state.holds.length ? { change: { holds } } : stale(`no hold ${entry.hold} stands`);
    }
    case 'prepare':
      return prepare(state, entry, offset);
    case 'ack': {
      const { prepared } = state;
      const member = state.members.find((other) => same(other, entry));
      if (prepared?.epoch !== entry.epoch) return stale(`epoch ${entry.epoch} is over`);
      if (member === undefined) return stale(`life ${entry.incarnation} of ${entry.instance} is over`);
      if (compareVersions(member.window.version, prepared.version) < 0)
        return refused(`${entry.instance} does not read ${prepared.version}`);
      if (member.acked === entry.epoch) return DUPLICATE;
      return { change: { members: state.members.map((other) => (other === member ? { ...member, acked: entry.epoch } : other)) } };
    }
    case 'finalize':
      return finalize(state, entry, offset);
    case 'abort':
      return state.prepared?.epoch === entry.epoch ? { change: { prepared: undefined } } : stale(`epoch ${entry.epoch} is over`);
    case 'unfinalize': {
      if (state.ids.includes(entry.id)) return DUPLICATE;
      const ids = [...state.ids, entry.id];
      if (floorOf(state)?.epoch === entry.epoch) return { change: { ids, floors: state.floors.slice(0, -1) } };
      return { change: { ids }, ...stale(`what was prepared at ${entry.epoch} is not what is final`) };
    }
    case 'acted':
      return {};
    case 'foreign':
      return { outcome: { kind: 'foreign', why: entry.why } };
    case 'newer': {
      const unreadable = state.unreadable ?? { cause: 'newer', offset, format: entry.format, called: entry.called };
      return { change: { unreadable }, outcome: { kind: 'newer', why: `${entry.called} of format ${entry.format}` } };
    }
  }
}

function joined(state: LedgerState, entry: Joined, offset: number): Effect {
  const { instance, incarnation, role, window, queue, author } = entry;
  const present = state.members.find((member) => member.instance === instance);
  if (present?.incarnation === incarnation) return DUPLICATE;
  const gone = departedAt(state, instance);
  const last = present ?? state.departed[gone];
  if (last !== undefined && last.incarnation >= incarnation) return stale(`life ${last.incarnation} of ${instance} came later`);
  const floor = floorOf(state);
  if (floor !== undefined && compareVersions(window.version, floor.version) < 0) {
    // It is refused, but it has said itself that its earlier life is over.
    return { change: without(state, instance, incarnation), outcome: { kind: 'refused', why: `TOO_OLD: ${floor.version} is final` } };
  }
  const member: Member = { instance, incarnation, role, window, queue, author, offset, acked: undefined };
  const before = state.members.filter((other) => other !== present);
  const after = before.findIndex((other) => other.instance > instance);
  const members = before.toSpliced(after < 0 ? before.length : after, 0, member);
  const departed = gone < 0 ? state.departed : state.departed.toSpliced(gone, 1);
  return { change: { members, departed, lanes: united(state.lanes, versionsOf(window)) } };
}

function left(state: LedgerState, { instance, incarnation }: Life): Effect {
  const present = state.members.find((other) => other.instance === instance);
  const last = present ?? state.departed[departedAt(state, instance)];
  if (last !== undefined && last.incarnation > incarnation) return stale(`life ${last.incarnation} of ${instance} came later`);
  if (last !== present && last?.incarnation === incarnation) return DUPLICATE;
  return { change: without(state, instance, incarnation) };
}

function expire(state: LedgerState, entry: Expire): Effect {
  const { looks, over } = entry.evidence;
  if (looks < EVIDENCE.looks || over < EVIDENCE.over) {
    return refused(`${looks} looks over ${over} ms are no evidence; it takes ${EVIDENCE.looks} over ${EVIDENCE.over} ms`);
  }
  if (!state.members.some((member) => same(member, entry))) return stale(`life ${entry.incarnation} of ${entry.instance} is no member`);
  return { change: without(state, entry.instance, entry.incarnation) };
}

/** The first prepare stands until it is final or given up; another of the same version has nothing to add. */
function prepare(state: LedgerState, { id, author, reason, at, version }: Prepare, offset: number): Effect {
  if (state.ids.includes(id)) return DUPLICATE;
  const ids = [...state.ids, id];
  const [first] = obstacles(state, version);
  if (first !== undefined) return { change: { ids }, ...refused(said(first)) };
  if (state.prepared !== undefined) return { change: { ids }, outcome: { kind: 'duplicate', why: `prepared at ${state.prepared.epoch}` } };
  return { change: { ids, prepared: { version, author, reason, at, epoch: offset, tried: [] } } };
}

/** The one place where a version becomes final. */
function finalize(state: LedgerState, entry: Finalize, offset: number): Effect {
  const { prepared } = state;
  if (prepared?.epoch !== entry.epoch) return stale(`epoch ${entry.epoch} is over`);
  if (prepared.tried.includes(entry.id)) return DUPLICATE;
  const { before, after } = entry.census;
  const [missing] = canFinalize(state, prepared.version).missing;
  const strangers = before.counted !== before.answered || after.counted !== after.answered;
  if (missing !== undefined || strangers) {
    const why = missing === undefined ? 'the census counts servers that have not answered' : said(missing);
    return { change: { prepared: { ...prepared, tried: [...prepared.tried, entry.id] } }, ...refused(why) };
  }
  const { version, author, reason, at, epoch } = prepared;
  return { change: { prepared: undefined, floors: [...state.floors, { version, author, reason, at, epoch, offset }] } };
}

/**
 * A snapshot is a claim about the state at its own offset. Whoever has read the log so far checks it; whoever could not
 * read what is before it, or did not understand it, takes it for that. Only a snapshot right behind what it claims can
 * be either.
 */
function snapshot(state: LedgerState, entry: Snapshot, offset: number): Effect {
  const unread = state.offset === EMPTY_LEDGER.offset;
  // Offsets may have holes, so with nothing read before it only the very next offset shows that nothing came in between.
  const adjacent = entry.upTo === (unread ? offset - 1 : state.offset);
  const blank = begun(state, offset);
  if (!adjacent) return stale(`it ends at ${entry.upTo}, and other entries came after that`);
  if (blank.unreadable !== undefined) return { change: { ...contentOf(entry.content), unreadable: undefined } };
  if (JSON.stringify(contentOf(entry.content)) === JSON.stringify(contentOf(state))) return {};
  return refused('it is not what the log before it comes to');
}

function without(state: LedgerState, instance: string, incarnation: number): Partial<Content> {
  const gone = departedAt(state, instance);
  const departed = gone < 0 ? state.departed : state.departed.toSpliced(gone, 1);
  return {
    members: state.members.filter((member) => member.instance !== instance),
    departed: [...departed.slice(Math.max(0, departed.length + 1 - DEPARTED)), { instance, incarnation }],
  };
}

/** The newest version that all servers read, as far as their newest ones tell. */
function newestOfAll(members: readonly Member[]): Version | undefined {
  const newest = members.filter(({ role }) => role === 'server').map(({ window }) => window.version);
  return newest.sort(compareVersions)[0];
}

/**
 * Where an instance stands among those that are over: not while it is a member. It is a long list, and a process that starts
 * folds everything that ever was, so it is looked through and copied no more than need be.
 */
function departedAt({ members, departed }: LedgerState, instance: string): number {
  return members.some((member) => member.instance === instance) ? -1 : departed.findIndex((other) => other.instance === instance);
}

function same(one: Life, other: Life): boolean {
  return one.instance === other.instance && one.incarnation === other.incarnation;
}

const DUPLICATE: Effect = { outcome: { kind: 'duplicate', why: 'it has counted before' } };

function stale(why: string): { readonly outcome: Outcome } {
  return { outcome: { kind: 'stale', why } };
}

function refused(why: string): { readonly outcome: Outcome } {
  return { outcome: { kind: 'refused', why } };
}

function said(obstacle: InTheWay): string {
  switch (obstacle.kind) {
    case 'unreadable':
      return `the ledger cannot be read since offset ${obstacle.unreadable.offset}`;
    case 'final':
      return `${obstacle.floor.version} is final`;
    case 'held':
      return `held by ${obstacle.hold.author}`;
    case 'unprepared':
      return 'nothing is prepared';
    case 'other':
      return `${obstacle.prepared.version} is prepared`;
    case 'below':
      return `${obstacle.member.instance} reads ${obstacle.member.window.version} at most`;
    case 'silent':
      return `${obstacle.member.instance} has not acknowledged`;
  }
}
