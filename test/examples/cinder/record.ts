import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { recordHistory } from './recording.js';

/** Writes the example's recording anew: `node build/test/examples/cinder/record.js`. */
const folder = fileURLToPath(new URL('../../../../examples/cinder-volume/compat/', import.meta.url));
rmSync(folder, { recursive: true, force: true });
recordHistory(folder);
