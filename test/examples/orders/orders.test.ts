import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root, runNode, type Finished } from '../../style/project.js';

/** Runs the example's own tests as its package would: from the package's folder, on a build service. */
function ownTests(folder: string): Promise<Finished> {
  return runNode(
    [join(root, 'node_modules/mocha/bin/mocha.js'), '--no-config', '--no-color', join(root, 'build/examples/orders/test/*.test.js')],
    {
      cwd: folder,
      env: { ...process.env, CI: '1' },
    },
  );
}

describe('the example of orders', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lynchpin-orders-'));
    cpSync(join(root, 'examples/orders'), folder, { recursive: true });
  });

  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('passes its own tests: one line, and examples of what it means', async () => {
    const { code, output } = await ownTests(folder);
    assert.equal(code, 0, output);
    assert.match(output, /Order\n.*1\.0 is as it was recorded/);
    assert.match(output, /line below line/);
  });

  it('fails them where its recording says something else', async () => {
    const file = join(folder, 'compat/objects/Order/1.0.json');
    writeFileSync(file, readFileSync(file, 'utf8').replace('"paid"', '"settled"'));
    const { code, output } = await ownTests(folder);
    assert.notEqual(code, 0, output);
    assert.match(output, /Order\/1\.0\.json does not hash/);
  });
});
