import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, withFiles } from './project.js';

interface Run {
  readonly code: number | null;
  readonly lines: readonly string[];
  /** What the run left in its temporary folder. */
  readonly left: readonly string[];
}

const SCRIPTS = { lint: 'true', types: 'true', docs: 'true', dead: 'true', 'package:check': 'true' };

/** Runs `.ci/run` on a small repository whose README shows the given test command. */
async function runOn(test: string, scripts: Readonly<Record<string, string>> = {}): Promise<Run> {
  const files = {
    'package.json': JSON.stringify({ name: 'small', version: '0.0.0', private: true, scripts: { ...SCRIPTS, ...scripts } }),
    'package-lock.json': JSON.stringify({
      name: 'small',
      version: '0.0.0',
      lockfileVersion: 3,
      packages: { '': { name: 'small', version: '0.0.0' } },
    }),
    'README.md': `# Small\n\n<!-- ci: test -->\n\n\`\`\`sh\nmkdir node_modules\n${test}\n\`\`\`\n\n\`\`\`sh\nexit 9\n\`\`\`\n`,
  };
  return withFiles(files, async (folder) => {
    mkdirSync(join(folder, '.ci'));
    copyFileSync(join(root, '.ci/run'), join(folder, '.ci/run'));
    const git = (...args: string[]): void =>
      void execFileSync('git', ['-c', 'user.name=x', '-c', 'user.email=x@example.org', ...args], { cwd: folder });
    git('init', '--quiet');
    git('add', '.');
    git('commit', '--quiet', '--message', 'x');
    writeFileSync(join(folder, 'README.md'), 'not committed, so not looked at');
    const temporary = join(folder, 'temporary');
    mkdirSync(temporary);
    const child = spawn(join(folder, '.ci/run'), [], {
      env: { ...process.env, TMPDIR: temporary, LYNCHPIN_CI_LIMIT: '20' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
    return { code, lines: output.trimEnd().split('\n'), left: existsSync(temporary) ? readdirSync(temporary) : [] };
  });
}

describe('.ci/run', function () {
  this.timeout(60_000);

  it('counts tests one by one and every other step as one, and cleans up', async () => {
    const { code, lines, left } = await runOn("echo '  41 passing (2s)'");
    assert.equal(lines.at(-1), '47 passed, 0 failed', lines.join('\n'));
    assert.equal(code, 0);
    assert.deepEqual(left, []);
  });

  it('is shown to fail: failing tests, a failing step and a process left running are counted, and the rest still runs', async () => {
    const { code, lines, left } = await runOn("(sleep 60 &); echo '  3 passing'; echo '  2 failing'; exit 2", {
      types: 'exit 1',
    });
    assert.equal(lines.at(-1), '7 passed, 4 failed', lines.join('\n'));
    assert.equal(code, 1);
    assert.ok(
      lines.some((line) => line.includes('sleep 60')),
      lines.join('\n'),
    );
    assert.deepEqual(left, []);
  });
});
