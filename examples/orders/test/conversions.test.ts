import assert from 'node:assert/strict';
import fc from 'fast-check';
import { deserialize } from 'lynchpin';
import { arbitrary, compat, teeth } from 'lynchpin/testing';
import { Order } from '../src/contracts.js';

describe('an order', () => {
  const id = '6f1d1d6e-3b0c-4f0e-9a47-5b8f3d2f0c11';

  it('has its address as text, line below line, for those who know it so', () => {
    compat.assertBackport(Order, {
      from: '1.2',
      to: '1.1',
      given: { id, cents: 900, status: 'open', note: '', shipTo: { lines: ['1 High Street', 'Lincoln'] } },
      expect: { id, cents: 900, status: 'open', note: '', address: '1 High Street\nLincoln' },
    });
  });

  it('is never without a line of address, whatever it was before', () => {
    fc.assert(
      fc.property(arbitrary(Order, '1.1'), (older) => {
        const { shipTo } = deserialize(Order, { ...older, $object: 'Order@1.1' });
        assert.ok(shipTo.lines.length >= 1);
      }),
    );
  });

  it('has conversions whose mistakes would be noticed', function () {
    this.timeout(20_000);
    teeth(Order);
  });
});
