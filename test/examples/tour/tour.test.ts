import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

describe('the tour', () => {
  it('plays an upgrade: pinned while an old server lives, released by itself when it is gone', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, ['build/examples/tour/index.js'], { timeout: 15_000 });
    assert.deepEqual(stdout.trim().split('\n'), [
      'sent at 3.2, held',
      'created 10 GB, attached to node-1',
      'extend: PINNED',
      'sent at 3.4, released',
      'server volume-2 answers',
    ]);
  });
});
