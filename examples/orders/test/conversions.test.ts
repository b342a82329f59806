import { compat } from 'lynchpin/testing';
import { Order } from '../src/contracts.js';

describe('an order, for those who know its address as text', () => {
  const id = '6f1d1d6e-3b0c-4f0e-9a47-5b8f3d2f0c11';

  it('has the lines of the address below each other', () => {
    compat.assertBackport(Order, {
      from: '1.2',
      to: '1.1',
      given: { id, cents: 900, status: 'open', note: '', shipTo: { lines: ['1 High Street', 'Lincoln'] } },
      expect: { id, cents: 900, status: 'open', note: '', address: '1 High Street\nLincoln' },
    });
  });
});
