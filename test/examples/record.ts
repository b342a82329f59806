import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { recordHistory } from './cinder/recording.js';
import { recordOrders } from './orders/recording.js';

/** Writes the recordings of the examples anew: `node build/test/examples/record.js`. */
for (const [example, record] of [
  ['cinder-volume', recordHistory],
  ['orders', recordOrders],
] as const) {
  const folder = fileURLToPath(new URL(`../../../examples/${example}/compat/`, import.meta.url));
  rmSync(folder, { recursive: true, force: true });
  record(folder);
}
