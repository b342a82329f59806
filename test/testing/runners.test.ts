import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { stampRelease } from '#lynchpin/compat/index.js';
import { root } from '../style/project.js';
import { ORDERS, WITHOUT_BUMP } from './support/orders.js';
import { Project } from './support/project.js';

const IMPORT = "import { compat } from 'lynchpin/testing';\n";
/** Each has a recording of its own, because they run at the same time. */
const recordingOf = (name: string): string => `compat-${name.replace(':', '-')}`;
const suite = (name: string, options = ''): string =>
  `${IMPORT}compat.suite(() => import('../contract.js'), { recording: '${recordingOf(name)}'${options} });\n`;

/** How each runner is told to run one file, and what that file says. */
const RUNNERS: Readonly<Record<string, { readonly test: string; readonly args: readonly string[] }>> = {
  mocha: {
    test: suite('mocha'),
    args: [join(root, 'node_modules/mocha/bin/mocha.js'), '--no-config', '--no-package', 'tests/mocha.test.js'],
  },
  vitest: { test: suite('vitest'), args: [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--globals', 'tests/vitest.test.js'] },
  jest: {
    test: suite('jest'),
    args: [
      '--experimental-vm-modules',
      join(root, 'node_modules/jest/bin/jest.js'),
      '--rootDir=.',
      '--testMatch=**/tests/jest.test.js',
      '--watchman=false',
    ],
  },
  'node:test': {
    test: `import { describe, it } from 'node:test';\n${suite('node:test', ', describe, it')}`,
    args: ['--test', 'tests/node-test.test.js'],
  },
};

describe('compat.suite in each runner', function () {
  this.timeout(120_000);
  const project = new Project();

  before(async () => {
    for (const [name, { test }] of Object.entries(RUNNERS)) project.write(`tests/${name.replace(':', '-')}.test.js`, test);
    await project.compile(ORDERS);
  });

  after(() => project.remove());

  /** Two at a time: more only get in each other's way. */
  async function outcomes(environment: NodeJS.ProcessEnv): Promise<Readonly<Record<string, { code: number; output: string }>>> {
    const done: Record<string, { code: number; output: string }> = {};
    const names = Object.keys(RUNNERS);
    for (const pair of [names.slice(0, 2), names.slice(2)]) {
      const run = async (name: string): Promise<void> => {
        done[name] = await project.run(RUNNERS[name]?.args ?? [], environment);
      };
      await Promise.all(pair.map(run));
    }
    return done;
  }

  it('records a contract where there is no recording, says so, and passes', async () => {
    for (const [name, { code, output }] of Object.entries(await outcomes({}))) {
      assert.equal(code, 0, `${name}\n${output}`);
      assert.match(output, /brought up to date[^]*objects\/Order\/1\.1\.json/, name);
      assert.ok(existsSync(join(project.folder, recordingOf(name), 'SURFACE.md')), name);
    }
  });

  it('is shown to fail: an edit of what was released is told with its rule, its difference and the way out', async () => {
    for (const name of Object.keys(RUNNERS)) stampRelease(join(project.folder, recordingOf(name)), '1.0.0');
    await project.compile(WITHOUT_BUMP);
    for (const [name, { code, output }] of Object.entries(await outcomes({ CI: 'true' }))) {
      assert.notEqual(code, 0, name);
      for (const part of ['object/field-changed-no-bump', 'Order', 'total', 'fix:']) assert.ok(output.includes(part), `${name}\n${output}`);
    }
  });
});
