import assert from 'node:assert/strict';
import { admits, EMPTY_LEDGER, mayJoin, type LedgerState } from '#lynchpin/pin/index.js';
import { finalize, joined, left, newer, prepare, read } from './support/entries.js';

const FINAL = [prepare('p', '3.2'), finalize('f', 0)] as const;
const window = { floor: '3.0', version: '3.1' } as const;

function verdict(state: LedgerState, incarnation = 1, offset = state.offset): string {
  return mayJoin(state, { instance: 'a', incarnation, window }, offset).kind;
}

describe('the verdict on a join', () => {
  it('is good where nothing above is final', () => {
    assert.equal(verdict(read([joined('a', 1, '3.1')])), 'joined');
  });

  it('is TOO_OLD below what is final, with what, since when, by whom and two ways out', () => {
    const answer = mayJoin(read([...FINAL, joined('a', 1, '3.1')]), { instance: 'a', incarnation: 1, window }, 2);
    assert.ok(answer.kind === 'TOO_OLD');
    assert.deepEqual([answer.floor.version, answer.floor.author, answer.floor.offset], ['3.2', 'ada', 1]);
    assert.equal(answer.waysOut.length, 2);
    for (const fact of ['3.2', 'ada', '2026-01-01', 'the column goes', '3.0 to 3.1', ...answer.waysOut])
      assert.ok(answer.text.includes(fact), fact);
  });

  it('is given at the offset of the entry, neither before nor after', () => {
    const state = read([joined('a', 1, '3.1'), ...FINAL]);
    assert.equal(verdict(state, 1, 0), 'unknown');
    assert.equal(verdict(EMPTY_LEDGER, 1, 0), 'unknown');
  });

  it('is unknown behind what this build does not understand', () => {
    assert.equal(verdict(read([newer(), joined('a', 1, '3.1')])), 'unknown');
  });

  it('is to try again where a later life was there before', () => {
    assert.equal(verdict(read([joined('a', 2, '3.1'), joined('a', 1, '3.1')])), 'again');
    assert.equal(verdict(read([left('a', 1), joined('a', 1, '3.1')])), 'again');
  });

  it('can be asked for a window before anything is rolled out', () => {
    assert.equal(admits(read(FINAL), window).kind, 'TOO_OLD');
    assert.equal(admits(read(FINAL), { floor: '3.0', version: '3.2' }).kind, 'admitted');
    assert.equal(admits(read(FINAL), { floor: '4.0', version: '4.1' }).kind, 'admitted');
    assert.equal(admits(read([newer()]), window).kind, 'unknown');
  });
});
