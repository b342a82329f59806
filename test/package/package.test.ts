import assert from 'node:assert/strict';
import { root, runNode, withFiles } from '../style/project.js';

describe('the packed tarball', () => {
  it('is sound to publint and attw, and can be imported, required and compiled against', async function () {
    this.timeout(60_000);
    const { code, output } = await runNode(['scripts/package.js']);
    assert.equal(code, 0, output);
  });

  it('is shown to fail when its types say CommonJS and lack a name', async function () {
    this.timeout(60_000);
    const manifest = {
      name: 'lynchpin',
      version: '0.0.0',
      type: 'module',
      bin: { lynchpin: './index.js' },
      exports: { '.': { types: './index.d.cts', default: './index.js' }, './x': './missing.js' },
      files: ['index.js', 'index.d.cts'],
    };
    const planted = {
      'package.json': JSON.stringify(manifest),
      'index.js': 'export class LynchpinError extends Error { static is() { return true; } }\n',
      'index.d.cts': 'export declare class LynchpinError extends Error {}\n',
    };
    const { code, output } = await withFiles(planted, (folder) => runNode([`${root}/scripts/package.js`, folder]));
    assert.equal(code, 1);
    for (const what of ['publint', 'attw', 'bin lynchpin', 'compiles with typescript7', 'compiles with typescript']) {
      assert.match(output, new RegExp(`FAILED {2}${what} `), output);
    }
    assert.match(output, /ok {2}import /, output);
  });
});
