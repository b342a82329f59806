import assert from 'node:assert/strict';
import { canFinalize, EMPTY_LEDGER, floorOf, holds, isMember, type Entry, type LedgerState } from '#lynchpin/pin/index.js';
import { abort, ack, expire, finalize, hold, joined, left, newer, prepare, read, release, unfinalize } from './support/entries.js';

interface Row {
  readonly fact: string;
  readonly log: readonly (Entry | string)[];
  /** What becomes of the last entry. */
  readonly outcome: LedgerState['outcome']['kind'];
  /** What is final afterwards. */
  readonly final?: string;
}

const A = joined('a', 1, '3.2');
const B = joined('b', 1, '3.2');
const OLD = joined('old', 1, '3.1');
const ACKED = [A, B, prepare('p', '3.2'), ack('a', 1, 2), ack('b', 1, 2)] as const;
const FINAL = [...ACKED, finalize('f', 2)] as const;

const TABLE: readonly Row[] = [
  { fact: 'everyone has acknowledged: final', log: FINAL, outcome: 'counted', final: '3.2' },
  { fact: 'somebody has not: refused', log: [...ACKED.slice(0, 4), finalize('f', 2)], outcome: 'refused' },
  {
    fact: 'a refused record counts when it is written anew later',
    log: [...ACKED.slice(0, 4), finalize('f', 2), ack('b', 1, 2), finalize('g', 2)],
    outcome: 'counted',
    final: '3.2',
  },
  {
    fact: 'a copy of a refused record never counts',
    log: [...ACKED.slice(0, 4), finalize('f', 2), ack('b', 1, 2), finalize('f', 2)],
    outcome: 'duplicate',
  },
  {
    fact: 'nobody can acknowledge before the prepare',
    log: [A, ack('a', 1, 2), prepare('p', '3.2'), finalize('f', 2)],
    outcome: 'refused',
  },
  { fact: 'one below it joins before the record: refused', log: [...ACKED, OLD, finalize('f', 2)], outcome: 'refused' },
  { fact: 'one below it cannot acknowledge', log: [OLD, prepare('p', '3.2'), ack('old', 1, 1)], outcome: 'refused' },
  { fact: 'one that joins in between acknowledges as well', log: [...ACKED, joined('c', 1, '3.3'), finalize('f', 2)], outcome: 'refused' },
  { fact: 'who connects again acknowledges again', log: [...ACKED, joined('a', 2, '3.2'), finalize('f', 2)], outcome: 'refused' },
  {
    fact: 'what an earlier life acknowledges is stale',
    log: [A, prepare('p', '3.2'), joined('a', 2, '3.2'), ack('a', 1, 1)],
    outcome: 'stale',
  },
  { fact: 'who has left is not asked', log: [...ACKED.slice(0, 4), left('b', 1), finalize('f', 2)], outcome: 'counted', final: '3.2' },
  { fact: 'who is expired is not asked', log: [...ACKED.slice(0, 4), expire('b', 1), finalize('f', 2)], outcome: 'counted', final: '3.2' },
  { fact: 'one look is no evidence', log: [A, expire('a', 1, 1)], outcome: 'refused' },
  { fact: 'two looks at once are no evidence', log: [A, expire('a', 1, 2, 9_999)], outcome: 'refused' },
  { fact: 'the evidence is about one life', log: [A, joined('a', 2, '3.2'), expire('a', 1)], outcome: 'stale' },
  { fact: 'a census with a stranger: refused', log: [...ACKED, finalize('f', 2, 3)], outcome: 'refused' },
  { fact: 'a hold after the prepare ends it', log: [...ACKED, hold('h'), finalize('f', 2)], outcome: 'stale' },
  {
    fact: 'a hold that is released again has ended it all the same',
    log: [...ACKED, hold('h'), release('h'), finalize('f', 2)],
    outcome: 'stale',
  },
  { fact: 'a hold below it refuses the prepare', log: [hold('h', '3.1'), prepare('p', '3.2')], outcome: 'refused' },
  { fact: 'a hold that lets it through does not', log: [hold('h', '3.2'), prepare('p', '3.2')], outcome: 'counted' },
  { fact: 'an abort ends it', log: [...ACKED, abort(2), finalize('f', 2)], outcome: 'stale' },
  { fact: 'an abort comes too late', log: [...FINAL, abort(2)], outcome: 'stale', final: '3.2' },
  {
    fact: 'a second finalizer of the version joins in',
    log: [...ACKED, prepare('q', '3.2'), finalize('f', 2)],
    outcome: 'counted',
    final: '3.2',
  },
  { fact: 'one of another version waits', log: [...ACKED, prepare('q', '3.1')], outcome: 'refused' },
  { fact: 'the second record is late', log: [...FINAL, finalize('g', 2)], outcome: 'stale', final: '3.2' },
  { fact: 'a copy of the prepare begins nothing', log: [...FINAL, unfinalize(2), prepare('p', '3.2')], outcome: 'duplicate' },
  {
    fact: 'what is final is not prepared again, nor anything below',
    log: [...FINAL, prepare('q', '3.1')],
    outcome: 'refused',
    final: '3.2',
  },
  { fact: 'one below the floor cannot join', log: [...FINAL, OLD], outcome: 'refused', final: '3.2' },
  { fact: 'one at the floor can', log: [...FINAL, joined('c', 1, '3.2')], outcome: 'counted', final: '3.2' },
  { fact: '3.10 is not below 3.2', log: [...FINAL, joined('c', 1, '3.10')], outcome: 'counted', final: '3.2' },
  { fact: 'one below can join once it is taken back', log: [...FINAL, unfinalize(2), OLD], outcome: 'counted' },
  {
    fact: 'what is taken back leaves what was final before',
    log: [prepare('p', '3.1'), finalize('f', 0), prepare('q', '3.2'), finalize('g', 2), unfinalize(2)],
    outcome: 'counted',
    final: '3.1',
  },
  {
    fact: 'a copy takes back nothing more',
    log: [prepare('p', '3.1'), finalize('f', 0), prepare('q', '3.2'), finalize('g', 2), unfinalize(0), unfinalize(2), unfinalize(0)],
    outcome: 'duplicate',
    final: '3.1',
  },
  { fact: 'a copy of a hold that was released does not hold', log: [hold('h'), release('h'), hold('h')], outcome: 'duplicate' },
  { fact: 'a joined that arrives after its left is stale', log: [left('a', 1), A], outcome: 'stale' },
  { fact: 'a left of an earlier life is stale', log: [joined('a', 2, '3.2'), left('a', 1)], outcome: 'stale' },
  { fact: 'a newer entry stops the first phase', log: [newer(), prepare('p', '3.2')], outcome: 'refused' },
  { fact: 'a newer entry stops the second phase', log: [...ACKED, newer(), finalize('f', 2)], outcome: 'refused' },
  {
    fact: 'one that may be ignored stops nothing',
    log: [...ACKED, newer({ ignorable: true }), finalize('f', 2)],
    outcome: 'counted',
    final: '3.2',
  },
  { fact: 'rubbish stops nothing', log: [...ACKED, 'rubbish', finalize('f', 2)], outcome: 'counted', final: '3.2' },
];

describe('the fold', () => {
  for (const { fact, log, outcome, final } of TABLE) {
    it(fact, () => {
      const state = read(log);
      assert.equal(state.outcome.kind, outcome, state.outcome.why);
      assert.equal(floorOf(state)?.version, final);
    });
  }

  it('remembers who prepared what is final, and why, whoever wrote the record', () => {
    const state = read([{ ...prepare('p', '3.2'), author: 'grace' }, finalize('f', 0)]);
    const floor = floorOf(state);
    assert.deepEqual([floor?.author, floor?.reason, floor?.epoch, floor?.offset], ['grace', 'the column goes', 0, 1]);
  });

  it('a process that is refused has ended its earlier life', () => {
    const state = read([...FINAL, joined('a', 2, '3.1')]);
    assert.ok(!isMember(state, { instance: 'a', incarnation: 1 }) && !isMember(state, { instance: 'a', incarnation: 2 }));
  });

  it('a state is frozen all the way down', () => {
    const state = read([...ACKED, hold('h')]);
    const open = (value: unknown): boolean =>
      typeof value === 'object' && value !== null && (!Object.isFrozen(value) || Object.values(value).some(open));
    assert.ok(!open(state));
  });

  it('an offset that was read before changes nothing', () => {
    const state = read(FINAL);
    assert.equal(read([unfinalize(2)], state, 5), state);
    assert.equal(read([unfinalize(2)], state, Number.NaN), state);
  });
});

describe('what is in the way of a finalization', () => {
  const missing = (log: readonly (Entry | string)[]): string[] =>
    canFinalize(read(log), '3.2').missing.map((one) => ('member' in one ? `${one.kind} ${one.member.instance}` : one.kind));

  it('is named, all of it', () => {
    assert.deepEqual(missing([OLD, A, B]), ['unprepared', 'silent a', 'silent b', 'below old']);
    assert.deepEqual(missing([OLD, A, B, prepare('p', '3.2'), ack('a', 1, 3)]), ['silent b', 'below old']);
    assert.deepEqual(missing([hold('h'), newer(), A]), ['unreadable', 'held', 'unprepared', 'silent a']);
    assert.deepEqual(missing([prepare('p', '3.1'), finalize('f', 0), prepare('q', '3.3')]), ['other']);
    assert.deepEqual(missing([...FINAL]).slice(0, 1), ['final']);
    assert.deepEqual(missing([...ACKED]), []);
  });
});

describe('holds', () => {
  it('stand until each is released', () => {
    const state = read([hold('h', '3.1'), hold('i'), release('h')]);
    assert.deepEqual(
      holds(state).map((one) => one.cause === 'operator' && [one.id, one.author, one.reason, one.until]),
      [['i', 'ada', 'a bad night', undefined]],
    );
  });

  it('what cannot be read is a hold as well', () => {
    assert.deepEqual(
      holds(read([newer()])).map(({ cause }) => cause),
      ['unreadable'],
    );
    assert.deepEqual(holds(EMPTY_LEDGER), []);
  });
});
