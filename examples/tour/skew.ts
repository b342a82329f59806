import { skew } from 'lynchpin/testing';

/** A mocha file: the released package against today's, over the broker that AMQP_URL names. */
skew({
  old: { dir: 'build/examples/tour/released', contract: 'contract.js' },
  new: { dir: 'build/examples/tour', contract: 'contract.js' },
});
