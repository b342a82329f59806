import fc from 'fast-check';
import { compat } from 'lynchpin/testing';

compat.suite(() => import('../src/contracts.js'), {
  arbitraries: { 'Order.address': fc.constantFrom('1 High Street', '1 High Street\nLincoln') },
});
