import assert from 'node:assert/strict';
import fc from 'fast-check';
import { EMPTY_LEDGER, floorOf, snapshotOf, type Entry, type LedgerState } from '#lynchpin/pin/index.js';
import { compareVersions } from '#lynchpin/versions/index.js';
import { ack, entries, finalize, hold, joined, newer, prepare, read, unfinalize } from './support/entries.js';

const SEED = 20_260_122;
const RUNS = 400;
const logs = fc.array(entries, { maxLength: 24 });
const SAID = { id: 's', author: 'ada', reason: '' } as const;

function snapshot(state: LedgerState): Entry {
  const taken = snapshotOf(state, SAID);
  assert.ok(taken !== undefined);
  return taken;
}
const apart = ({ offset: _offset, outcome: _outcome, ...content }: LedgerState): unknown => content;

/** How far apart the offsets are where something is put in between. */
const APART = 10;

/** Entry by entry as a real log may have it: nobody writes about what it has not read. Epochs are offsets, which are `APART` apart. */
function real(log: readonly (Entry | string)[]): readonly (Entry | string)[] {
  const kept: (Entry | string)[] = [];
  const past = (test: (entry: Entry) => boolean): boolean => kept.some((entry) => typeof entry !== 'string' && test(entry));
  for (const entry of log) {
    if (typeof entry === 'string') {
      kept.push(entry);
      continue;
    }
    const { kind } = entry;
    const joinedBefore = (): boolean =>
      'instance' in entry &&
      past((other) => other.kind === 'joined' && other.instance === entry.instance && other.incarnation >= entry.incarnation);
    if ((kind === 'ack' || kind === 'expire') && !joinedBefore()) continue;
    if (kind === 'release' && !past((other) => other.id === entry.hold)) continue;
    if ('epoch' in entry && entry.epoch >= kept.length) continue;
    kept.push('epoch' in entry ? { ...entry, epoch: entry.epoch * APART } : entry);
  }
  return kept;
}

/** Any log, read from the beginning and from a snapshot. */
function shortened(spoil: (state: LedgerState) => object): void {
  fc.assert(
    fc.property(logs, logs, fc.boolean(), (before, after, cut) => {
      const state = read(before);
      const taken = snapshot(state);
      const spoilt = { ...taken, content: spoil(state) } as Entry;
      const whole = read([taken, ...after], state);
      // A log that was cut long ago begins anywhere before the snapshot.
      const lost = cut && before.length > 1 ? read(before.slice(-1), EMPTY_LEDGER, before.length - 1) : EMPTY_LEDGER;
      assert.deepEqual(read([spoilt, ...after], lost, before.length), whole);
      assert.equal(whole.unreadable, undefined);
    }),
    { seed: SEED, numRuns: RUNS },
  );
}

/** Any log, with a copy of one of its entries anywhere behind that, and without. */
function copied(spoil: (state: LedgerState) => LedgerState): void {
  const effects = new Set<string>();
  fc.assert(
    fc.property(fc.array(entries, { minLength: 1, maxLength: 40 }), fc.nat(), fc.nat(), (any, which, when) => {
      const log = real(any);
      const [copied, after] = [which % (log.length + 1), when % (log.length + 1)];
      const entry = log[Math.min(copied, after)];
      let [once, twice] = [EMPTY_LEDGER, EMPTY_LEDGER];
      for (const [at, one] of log.entries()) {
        once = read([one], once, at * APART);
        twice = spoil(read([one], twice, at * APART));
        if (at !== Math.max(copied, after) || entry === undefined) continue;
        effects.add(once.outcome.kind);
        twice = read([entry], twice, at * APART + 1);
      }
      assert.deepEqual(apart(spoil(twice)), apart(spoil(once)));
    }),
    { seed: SEED, numRuns: RUNS * 5 },
  );
  assert.ok(effects.size >= 5, [...effects].join());
}

describe('any log', () => {
  it('read from a snapshot on comes to what it comes to from the beginning', () => {
    shortened(({ members, departed, holds, prepared, floors, ids, lanes }) => ({ members, departed, holds, prepared, floors, ids, lanes }));
    // The check itself: a snapshot that leaves something out is found.
    assert.throws(() => shortened((content) => ({ ...content, ids: [] })));
    assert.throws(() => shortened((content) => ({ ...content, departed: [] })));
    assert.throws(() => shortened((content) => ({ ...content, prepared: undefined })));
  });

  it('comes to the same with an entry that was written again, whenever that lands', () => {
    copied((state) => state);
    // The check itself: a fold that forgets is found.
    assert.throws(() => copied((state) => ({ ...state, ids: [] })));
    assert.throws(() => copied((state) => ({ ...state, departed: [] })));
  });

  it('comes to the same when a part of it is read again', () => {
    fc.assert(
      fc.property(logs, fc.nat(23), (log, back) => {
        const state = read(log);
        assert.equal(read(log.slice(back), state, back), state);
      }),
      { seed: SEED, numRuns: RUNS },
    );
  });

  it('in any order and however often: what is final never changes but by being taken back, and has no member below it', () => {
    let finals = 0;
    fc.assert(
      fc.property(fc.array(entries, { minLength: 20, maxLength: 60 }), (log) => {
        let state = EMPTY_LEDGER;
        for (const [offset, entry] of log.entries()) {
          const before = state;
          state = read([entry], state, offset);
          const floor = floorOf(state);
          if (floor === undefined) continue;
          finals += 1;
          assert.ok(state.members.every(({ window }) => compareVersions(window.version, floor.version) >= 0));
          const past = floorOf(before);
          if (past !== undefined && typeof entry !== 'string' && entry.kind !== 'unfinalize')
            assert.ok(compareVersions(past.version, floor.version) <= 0);
        }
      }),
      { seed: SEED, numRuns: RUNS },
    );
    assert.ok(finals > RUNS, `something was final in ${finals} states only`);
  });
});

describe('a snapshot', () => {
  const before = [joined('a', 1, '3.2'), hold('h'), prepare('p', '3.1')] as const;

  it('does not count when an entry came in between', () => {
    const state = read(before);
    const after = read([joined('b', 1, '3.2'), snapshot(state)], state);
    assert.equal(after.outcome.kind, 'stale');
    assert.equal(read([snapshot(state)], EMPTY_LEDGER, 4).unreadable?.cause, 'beginning');
    assert.equal(read([snapshot(EMPTY_LEDGER)], EMPTY_LEDGER, 4).unreadable?.cause, 'beginning');
  });

  it('that says something else than the log is refused by whoever has read the log', () => {
    const state = read(before);
    const lie = { ...snapshot(state), content: { ...state, holds: [] } } as Entry;
    assert.equal(read([lie], state).outcome.kind, 'refused');
    assert.equal(read([lie], state).holds.length, 1);
  });

  it('ends what was not understood, and only then is anything decided again', () => {
    const blind = read([...before, newer()]);
    assert.equal(blind.unreadable?.cause, 'newer');
    assert.equal(snapshotOf(blind, SAID), undefined);
    const told = { ...snapshot(read(before)), upTo: 3 } as Entry;
    assert.equal(read([told], blind).unreadable, undefined);
  });

  it('is needed by whoever has not read the beginning', () => {
    const state = read([prepare('p', '3.2'), finalize('f', 7)], EMPTY_LEDGER, 7);
    assert.deepEqual([state.unreadable?.cause, state.outcome.kind, floorOf(state)], ['beginning', 'stale', undefined]);
  });

  it('carries all that decides: floors that are taken back, acknowledgements, ids', () => {
    const log = [prepare('p', '3.1'), finalize('f', 0), joined('a', 1, '3.2'), prepare('q', '3.2'), ack('a', 1, 3)];
    const state = read(log);
    assert.equal(floorOf(read([snapshot(state), finalize('g', 3)], EMPTY_LEDGER, 5))?.version, '3.2');
    const from = read([snapshot(state), finalize('g', 3), unfinalize(3), prepare('q', '3.2')], EMPTY_LEDGER, 5);
    assert.deepEqual([floorOf(from)?.version, from.outcome.kind], ['3.1', 'duplicate']);
  });
});
