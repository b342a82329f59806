import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { median } from './measure.js';

const PROGRAM = `
const start = performance.now();
await import('lynchpin');
const ms = performance.now() - start;
const { createRequire } = await import('node:module');
const loaded = Object.keys(createRequire(import.meta.url)('node:module')._cache);
console.log(JSON.stringify({ ms, early: ['amqplib', 'ajv'].filter((name) => loaded.some((file) => file.includes('/node_modules/' + name + '/'))) }));
`;

/** How long importing the package takes in a new process, and which of the heavy dependencies that loads already (none should). */
export async function importTime(times: number): Promise<{ readonly ms: number; readonly early: readonly string[] }> {
  const runs: { ms: number; early: string[] }[] = [];
  for (let run = 0; run < times; run++) {
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', PROGRAM], {
      cwd: fileURLToPath(new URL('../..', import.meta.url)),
    });
    runs.push(JSON.parse(stdout) as { ms: number; early: string[] });
  }
  return { ms: median(runs.map(({ ms }) => ms)), early: runs[0]?.early ?? [] };
}
