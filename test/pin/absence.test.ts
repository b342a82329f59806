import assert from 'node:assert/strict';
import { Absence, ABSENCE, before, expected } from '#lynchpin/pin/absence.js';
import type { Reading } from '#lynchpin/pin/reading.js';
import { EMPTY_LEDGER, type Entry, type LedgerState } from '#lynchpin/pin/index.js';
import { joined, left, read } from './ledger/support/entries.js';

/** A server joins under a name. */
const server = (name: string, instance: string, incarnation = 1): Entry => ({ ...joined(instance, incarnation, '3.4'), author: name });
const counted = (servers: number): Reading => ({ known: true, servers, readers: new Map() });
const NOBODY: Reading = { known: false, reason: 'nobody' };

describe('who was there before a client was cut off', () => {
  const there = read([server('a', 'a1'), server('b', 'b1'), server('c', 'c1')]);
  const then = before(3, there);
  const later = (...entries: readonly Entry[]): LedgerState => read(entries, there);

  it('is expected back, whether it has joined anew or not', () => {
    assert.equal(expected(then, there), 3);
    assert.equal(expected(then, later(server('a', 'a1', 2), server('b', 'b1', 2))), 3);
  });

  it('is not expected once it has left, and is by another process of its name', () => {
    assert.equal(expected(then, later(left('a1', 1))), 2);
    assert.equal(expected(then, later(left('a1', 1), server('a', 'a2'))), 3);
    assert.equal(expected(then, later(server('a', 'a2'))), 3);
  });

  it('is not stood in for by those who are new', () => {
    assert.equal(expected(then, later(server('d', 'd1'), server('e', 'e1'))), 5);
  });

  it('is as many as the census counted, where there is no ledger', () => {
    assert.equal(expected(before(3, EMPTY_LEDGER), EMPTY_LEDGER), 3);
  });

  it('does not include who was a member and down already', () => {
    assert.equal(expected(before(2, there), later(server('a', 'a1', 2), server('b', 'b1', 2))), 2);
  });
});

describe('the absence of servers', () => {
  /** Three servers were there, and the client was cut off until 1,000. */
  function cut(): Absence {
    const absence = new Absence();
    absence.lost(counted(3), EMPTY_LEDGER);
    absence.back(1_000);
    return absence;
  }

  it('ends when as many are there as were before, and does not come back', () => {
    const absence = cut();
    assert.deepEqual(
      [NOBODY, counted(1), counted(2), counted(3), counted(2)].map((reading, at) => absence.missing(reading, EMPTY_LEDGER, 1_100 + at)),
      [3, 2, 1, 0, 0],
    );
  });

  it('ends when the time is up, counted from the return of the client', () => {
    const absence = cut();
    assert.equal(absence.missing(counted(2), EMPTY_LEDGER, 999 + ABSENCE), 1);
    absence.lost(counted(2), EMPTY_LEDGER);
    assert.equal(absence.missing(counted(2), EMPTY_LEDGER, 1_000 + ABSENCE), 1, 'cut off again: the same three are waited for');
    absence.back(2_000);
    assert.equal(absence.missing(counted(2), EMPTY_LEDGER, 1_999 + ABSENCE), 1);
    assert.equal(absence.missing(counted(2), EMPTY_LEDGER, 2_000 + ABSENCE), 0);
  });

  it('is not known of by a client that has never counted', () => {
    const absence = new Absence();
    absence.lost(NOBODY, EMPTY_LEDGER);
    absence.back(1_000);
    assert.equal(absence.missing(counted(1), EMPTY_LEDGER, 1_100), 0);
  });
});
