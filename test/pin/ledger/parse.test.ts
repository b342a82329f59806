import assert from 'node:assert/strict';
import fc from 'fast-check';
import { EMPTY_LEDGER, entryBody, fold, parseEntry, type Entry } from '#lynchpin/pin/index.js';
import { entries, expire, finalize, joined, newer, read, unfinalize } from './support/entries.js';

const SEED = 20_260_122;
const kindOf = (value: unknown): string => parseEntry(JSON.stringify(value)).kind;
const without = (entry: Entry, key: string): unknown => ({ ...(JSON.parse(entryBody(entry)) as object), [key]: undefined });

describe('what stands in the log', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(entries, (entry) => {
        if (typeof entry !== 'string') assert.equal(entryBody(parseEntry(entryBody(entry)) as Entry), entryBody(entry));
      }),
      { seed: SEED },
    );
    assert.deepEqual(parseEntry(Buffer.from(entryBody(unfinalize(3)))), unfinalize(3));
  });

  it('never throws, whatever it is', () => {
    const rubbish = fc.oneof(fc.uint8Array({ maxLength: 40 }), fc.string(), fc.json(), fc.constant('['.repeat(100_000)));
    fc.assert(
      fc.property(rubbish, (body) => {
        const { outcome } = fold(EMPTY_LEDGER, parseEntry(body), 0);
        assert.equal(outcome.kind, 'foreign');
      }),
      { seed: SEED },
    );
  });

  it('never throws with one field spoilt', () => {
    const spoilt = fc.constantFrom<unknown>(null, '', -1, 1.5, 1e300, '9'.repeat(5_000), [], {}, true, { __proto__: null });
    const keys = [
      'ledger',
      'id',
      'author',
      'reason',
      'at',
      'instance',
      'incarnation',
      'role',
      'window',
      'until',
      'hold',
      'version',
      'epoch',
      'census',
      'evidence',
    ];
    fc.assert(
      fc.property(entries, fc.constantFrom(...keys), spoilt, (entry, key, value) => {
        if (typeof entry === 'string') return;
        const state = fold(EMPTY_LEDGER, parseEntry(JSON.stringify({ ...(JSON.parse(entryBody(entry)) as object), [key]: value })), 0);
        assert.equal(state.offset, 0);
      }),
      { seed: SEED, numRuns: 500 },
    );
  });

  it('is foreign where a known entry is not as it must be', () => {
    for (const key of ['ledger', 'id', 'author', 'instance', 'incarnation', 'role', 'window']) {
      assert.equal(kindOf(without(joined('a', 1, '3.1'), key)), 'foreign', key);
    }
    assert.equal(kindOf(without(finalize('f', 1), 'census')), 'foreign');
    assert.equal(kindOf(without(unfinalize(1), 'reason')), 'foreign');
    assert.equal(parseEntry(entryBody(joined('a', 1, '3.1', '3.2'))).kind, 'foreign');
  });

  it('is foreign where the evidence is anything but a queue that is gone', () => {
    const text = entryBody(expire('a', 1));
    assert.equal(parseEntry(text).kind, 'expire');
    for (const seen of ['in use', 'home node is down', 'timeout', 'toString']) {
      assert.equal(parseEntry(text.replace('"gone"', JSON.stringify(seen))).kind, 'foreign', seen);
    }
  });

  it('is newer where a build may know more, unless that says that it may be ignored', () => {
    assert.equal(parseEntry(newer()).kind, 'newer');
    assert.equal(parseEntry(newer({ kind: undefined })).kind, 'newer');
    assert.equal(parseEntry(newer({ ledger: 1 })).kind, 'newer');
    assert.equal(parseEntry(newer({ ledger: 1, kind: 'constructor' })).kind, 'newer');
    assert.equal(parseEntry(newer({ ignorable: true })).kind, 'foreign');
    assert.equal(parseEntry(newer({ ignorable: 'yes' })).kind, 'newer');
    assert.equal(read([newer()]).outcome.kind, 'newer');
  });

  it('may say more than is asked', () => {
    assert.equal(kindOf({ ...joined('a', 1, '3.1'), ledger: 1, colour: 'red' }), 'joined');
  });
});
