/**
 * Type checks everything with both compilers: the library, tests, examples and scripts, and once more in the legacy
 * dialect what declares with decorators.
 *
 *     node scripts/types.js
 */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const PROJECTS = ['tsconfig.json', 'test/tsconfig.json', 'scripts/tsconfig.json'];
for (const name of readdirSync(join(root, 'test/types'))) if (name.endsWith('tsconfig.json')) PROJECTS.push(`test/types/${name}`);
let failed = 0;
for (const compiler of ['typescript7', 'typescript']) {
  for (const project of PROJECTS) {
    const started = performance.now();
    const { status } = spawnSync(process.execPath, [join(root, 'node_modules', compiler, 'bin/tsc'), '-p', project, '--noEmit'], {
      cwd: root,
      stdio: 'inherit',
    });
    console.log(`${status === 0 ? 'ok' : 'FAILED'}  ${compiler}  ${project}  ${Math.round(performance.now() - started)} ms`);
    if (status !== 0) failed += 1;
  }
}
process.exitCode = failed === 0 ? 0 : 1;
