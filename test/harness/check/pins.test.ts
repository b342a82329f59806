import { deepEqual, equal, ok } from 'node:assert/strict';
import type { Journal, Window } from '../journal/index.js';
import type { WireJournal } from '../proxy/index.js';
import { checkPins } from './pins.js';
import { evidence, HIGH, journal, NEW, OLD, wire } from './planted.js';
import { checkRelease } from './release.js';

const options = { roll: 'orders.roll', settle: 10_000 };
const consuming = { kind: 'consuming', queue: 'orders.roll' } as const;
const cancelled = { kind: 'cancelled', queue: 'orders.roll' } as const;

/** A server that is on the roll from one moment to another. */
function present(process: string, window: Window, from: number, until?: number): { journals: Journal[]; wires: WireJournal[] } {
  return {
    journals: [journal(process, window)],
    wires: [wire(process, [from, consuming], ...(until === undefined ? [] : [[until, cancelled] as const]))],
  };
}

/** A client that is ready at once and pins at the given times. */
function client(...pins: readonly (readonly [at: number, version: string])[]): { journals: Journal[] } {
  return {
    journals: [
      journal(
        'client-1.1',
        NEW,
        [0, { kind: 'ready' }],
        ...pins.map(([at, version]) => [at, { kind: 'pin', version, state: '' }] as const),
        [60_000, { kind: 'stopping' }],
      ),
    ],
  };
}

function together(...parts: readonly { journals: Journal[]; wires?: WireJournal[] }[]): ReturnType<typeof evidence> {
  return evidence({ journals: parts.flatMap(({ journals }) => journals), wires: parts.flatMap(({ wires = [] }) => wires) });
}

describe('check 4 and 5, pins', () => {
  it('accepts a rise after a quiet time in which everybody read the version', () => {
    const found = checkPins(
      together(present('server-1.1', OLD, 0, 5_000), present('server-2.1', NEW, 0), client([1, '1.0'], [15_200, '1.4'])),
      options,
    );
    deepEqual([found.observed, found.violations], [1, []]);
  });

  it('catches a rise while an older server is there', () => {
    equal(
      checkPins(together(present('server-1.1', OLD, 0), present('server-2.1', NEW, 0), client([1, '1.0'], [15_200, '1.4'])), options)
        .violations.length,
      1,
    );
  });

  it('catches a rise before the quiet time is over', () => {
    equal(
      checkPins(together(present('server-1.1', OLD, 0, 5_000), present('server-2.1', NEW, 0), client([1, '1.0'], [12_000, '1.4'])), options)
        .violations.length,
      1,
    );
  });

  it('catches a quiet time that did not begin again when an older server came and went', () => {
    const visitor = present('server-3.1', OLD, 7_000, 9_000);
    equal(checkPins(together(present('server-2.1', NEW, 0), visitor, client([1, '1.0'], [15_200, '1.4'])), options).violations.length, 1);
  });

  it('catches a rise when nobody was there: an empty roll is unknown, not agreement', () => {
    equal(checkPins(together(present('server-2.1', NEW, 0, 6_000), client([1, '1.0'], [15_200, '1.4'])), options).violations.length, 1);
  });

  it('holds a first pin to the moment only', () => {
    equal(checkPins(together(present('server-2.1', NEW, 0), client([500, '1.4'])), options).violations.length, 0);
    equal(checkPins(together(present('server-1.1', OLD, 0), client([500, '1.4'])), options).violations.length, 1);
    equal(checkPins(together(present('server-2.1', NEW, 900), client([500, '1.4'])), options).violations.length, 1);
  });

  it('accepts a rise without a quiet time when nobody reads the old pin any more', () => {
    const quick = client([1, '1.2'], [5_400, '1.4']);
    equal(checkPins(together(present('server-1.1', OLD, 0, 5_000), present('server-2.1', HIGH, 0), quick), options).violations.length, 0);
    ok(checkPins(together(present('server-1.1', OLD, 0, 5_000), present('server-2.1', NEW, 0), quick), options).violations.length > 0);
  });

  it('counts a broken connection as leaving', () => {
    const killed = {
      journals: [journal('server-1.1', OLD)],
      wires: [wire('server-1.1', [0, consuming], [5_000, { kind: 'lost', by: 'process', clean: false }])],
    };
    equal(checkPins(together(killed, present('server-2.1', NEW, 0), client([1, '1.0'], [15_200, '1.4'])), options).violations.length, 0);
  });
});

describe('check 12, release', () => {
  it('accepts a release in time', () => {
    const found = checkRelease(
      together(present('server-1.1', OLD, 0, 5_000), present('server-2.1', NEW, 0), client([1, '1.0'], [17_000, '1.4'])),
      options,
    );
    deepEqual([found.observed, found.violations], [1, []]);
  });

  it('catches a release that comes late, or never', () => {
    const servers = [present('server-1.1', OLD, 0, 5_000), present('server-2.1', NEW, 0)];
    equal(checkRelease(together(...servers, client([1, '1.0'], [18_500, '1.4'])), options).violations.length, 1);
    equal(checkRelease(together(...servers, client([1, '1.0'])), options).violations.length, 1);
  });

  it('judges nothing when no quiet time was long enough', () => {
    equal(
      checkRelease(together(present('server-1.1', OLD, 0, 50_000), present('server-2.1', NEW, 0), client([1, '1.0'])), options).observed,
      0,
    );
  });
});
