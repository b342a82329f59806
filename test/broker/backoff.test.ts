import assert from 'node:assert/strict';
import fc from 'fast-check';
import { pauseBefore } from '#lynchpin/broker/backoff.js';

describe('the pause before an attempt', () => {
  const limits = { first: 50, most: 5_000 };

  it('doubles up to its limit', () => {
    assert.deepEqual(
      [0, 1, 2, 6, 7, 1_000].map((attempt) => pauseBefore(attempt, limits, 1)),
      [50, 100, 200, 3_200, 5_000, 5_000],
    );
  });

  it('is drawn from its upper half, so that a fleet does not come back at one moment', () => {
    fc.assert(
      fc.property(fc.nat(100), fc.double({ min: 0, max: 1, noNaN: true }), (attempt, random) => {
        const full = pauseBefore(attempt, limits, 1);
        const drawn = pauseBefore(attempt, limits, random);
        assert.ok(drawn >= Math.floor(full / 2) && drawn <= full);
      }),
    );
    assert.notEqual(pauseBefore(9, limits, 0.1), pauseBefore(9, limits, 0.9));
  });
});
