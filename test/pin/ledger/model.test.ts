import assert from 'node:assert/strict';
import { explore, traceText, type Explored } from './support/explore.js';
import { ALWAYS, BELOW, completes, nothingBelow, oneOutcome, systemOf, V, type Options } from './support/model.js';
import { countBeforeFence, droppableFence, expiryByTimeout, withoutAcknowledgement } from './support/variants.js';

const EVERY_FAULT = ['finalizer killed', 'process killed', 'connection lost', 'partition', 'append lost'] as const;

/** Explores all of it and tells how much that was. */
function holds(options: Options, atLeast: number): Explored {
  const explored = explore(systemOf(options));
  assert.equal(explored.broken, undefined, traceText(explored));
  // A model that has lost its moves proves nothing.
  assert.ok(explored.states >= atLeast, `${explored.states} states only`);
  return explored;
}

function breaks(options: Options, ...mentions: readonly RegExp[]): void {
  const explored = explore(systemOf(options));
  assert.ok(explored.broken !== undefined, traceText(explored));
  const trace = explored.broken.trace.join('\n');
  for (const mention of mentions) assert.match(trace, mention);
}

describe('every state of a small system with the real fold', () => {
  const seen: string[] = [];
  const told = (what: string, explored: Explored): void => void seen.push(`${what}: ${explored.states} states, ${explored.ends} ends`);
  after(() => console.log(seen.map((line) => `        ${line}`).join('\n')));

  it('without faults, a finalization completes once the last old server has left', () => {
    told('an old and two new, no fault', holds({ versions: [BELOW, V, V], finalizers: 1, invariants: [...ALWAYS, completes] }, 2_000));
  });

  it('two finalizers at once come to one outcome', () => {
    told('an old and a new, two finalizers', holds({ versions: [BELOW, V], finalizers: 2, invariants: [...ALWAYS, completes] }, 1_500));
  });

  it('two finalizers, one of them impatient, killed after any record, appends lost: one outcome', () => {
    const options: Options = {
      versions: [BELOW, V],
      finalizers: 2,
      impatient: true,
      carried: true,
      faults: ['finalizer killed', 'append lost'],
    };
    told('an old and a new, two finalizers that are killed, one aborts', holds(options, 20_000));
  });

  it('an old server that is killed, cut off and connects again never consumes below what is final', () => {
    const options: Options = { versions: [BELOW], finalizers: 2, impatient: true, carried: true, lives: 2, faults: EVERY_FAULT };
    told('an old one of two lives, two finalizers, every fault', holds(options, 20_000));
  });

  it('an old and a new server, every fault', () => {
    told('an old and a new, every fault', holds({ versions: [BELOW, V], finalizers: 1, carried: true, faults: EVERY_FAULT }, 5_000));
  });

  const lives = { versions: [BELOW, V], finalizers: 1, carried: true, lives: 2 } as const;
  it('an old and a new server that are killed or connect again, with appends that arrive late', () => {
    const faults = ['finalizer killed', 'process killed', 'connection lost'] as const;
    told('an old and a new of two lives, killed', holds({ ...lives, faults }, 20_000));
  });

  it('an old and a new server that are cut off and connect again, with appends that arrive late', () => {
    told('an old and a new of two lives, cut off', holds({ ...lives, faults: ['partition', 'connection lost'] }, 10_000));
  });

  it('a finalizer killed after any record leaves the same final state', () => {
    const outcomes = (faults: NonNullable<Options['faults']>): string[] => {
      const found = new Set<string>();
      const note: NonNullable<Options['invariants']>[number] = ({ ledger: { state } }, _options, last) => {
        // One that was killed before its first record was taken has begun nothing.
        const { prepared, floors } = state;
        if (last && state.ids.length > 0) found.add(JSON.stringify([prepared, floors.map(({ version, author }) => ({ version, author }))]));
        return undefined;
      };
      holds({ versions: [BELOW, V], finalizers: 1, carried: true, faults, invariants: [...ALWAYS, note] }, 300);
      return [...found];
    };
    const undisturbed = outcomes([]);
    assert.deepEqual(undisturbed, [JSON.stringify([null, [{ version: V, author: '0' }]])]);
    assert.deepEqual(outcomes(['finalizer killed', 'append lost']), undisturbed);
  });
});

describe('the model finds unsafe', () => {
  const pair: Options = { versions: [BELOW, V], finalizers: 1, invariants: [nothingBelow] };

  it('a fence that any finalizer may drop', () => {
    breaks({ ...pair, finalizers: 2, impatient: true, protocol: droppableFence }, /abort[^]*begins to consume$/);
    breaks({ ...pair, finalizers: 2, impatient: true, protocol: droppableFence, invariants: [oneOutcome] }, /abort of finalizer-2/);
  });

  it('a count that is taken before the fence stands', () => {
    breaks({ ...pair, protocol: countBeforeFence }, /takes the prepare[^]*takes "joined" of old[^]*takes the record/);
  });

  it('a release that waits for no acknowledgement', () => {
    breaks({ ...pair, protocol: withoutAcknowledgement }, /takes the record of finalizer-1/);
  });

  it('an expiry by time-out', () => {
    breaks({ ...pair, faults: ['partition'], protocol: expiryByTimeout }, /is cut off[^]*takes "expire"[^]*takes the record/);
  });

  it('a killed finalizer whose work nobody finishes, and a fleet whose old server never leaves', () => {
    breaks({ versions: [V], finalizers: 1, faults: ['finalizer killed'] }, /finalizer-1 is killed/);
    breaks({ versions: [V], finalizers: 1, faults: ['finalizer killed'], carried: true, invariants: [completes] }, /finalizer-1 is killed/);
  });

  it('with a trace that can be read', () => {
    const text = traceText(explore(systemOf({ ...pair, protocol: countBeforeFence })));
    assert.deepEqual(text.split('\n'), [
      'old-1 consumes although 3.1 was final before, after 7 steps:',
      '  1. old-1 starts',
      '  2. finalizer-1 prepares 3.1',
      '  3. the log takes the prepare of finalizer-1 (counted)',
      '  4. the log takes "joined" of old-1, life 1 (counted)',
      '  5. old-1 begins to consume',
      '  6. finalizer-1 finds everything in order',
      '  7. the log takes the record of finalizer-1 (counted)',
    ]);
  });
});
