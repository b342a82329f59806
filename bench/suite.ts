import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/**
 * How long the compatibility suite of the Cinder contract takes, in ms: everything, from the start of the runner to its end,
 * and how many facts it proves.
 */
export async function suiteTime(): Promise<{ readonly ms: number; readonly facts: number }> {
  const runner = at('../../node_modules/mocha/bin/mocha.js');
  const suite = at('../test/examples/cinder/compat.test.js');
  const began = performance.now();
  const { stdout } = await promisify(execFile)(process.execPath, [runner, '--no-config', '--reporter', 'json', suite], {
    cwd: at('../../'),
    env: { ...process.env, CI: 'true' },
    maxBuffer: 2 ** 26,
  });
  const ms = performance.now() - began;
  const { stats } = JSON.parse(stdout) as { readonly stats: { readonly passes: number } };
  return { ms, facts: stats.passes };
}
