/**
 * Makes the programs of package.json executable: compilers do not, and npm packs files below a folder as they are.
 *
 *     node scripts/executable.js
 */
import { chmodSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { bin } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
for (const file of Object.values(bin)) chmodSync(join(root, String(file)), 0o755);
