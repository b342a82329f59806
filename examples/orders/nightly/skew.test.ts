import { skew } from 'lynchpin/testing';

skew({
  old: { alias: 'orders-released', contract: 'dist/contracts.js' },
  new: { dir: '.', contract: 'dist/contracts.js' },
  broker: 'amqp://localhost',
});
