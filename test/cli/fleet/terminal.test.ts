import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { sharedRabbit, type SharedRabbit } from '../../support/rabbitmq/index.js';
import { bin } from '../support/project.js';

describe('a command at a terminal', () => {
  let rabbit: SharedRabbit;
  before(async function () {
    rabbit = await sharedRabbit(this);
  });

  /** Runs the command at a terminal of its own, and types an answer once it is asked. */
  function atTerminal(
    args: readonly string[],
    answer: string,
    question = '[y/N] ',
  ): Promise<{ readonly code: number | null; readonly shown: string }> {
    return new Promise((resolve, reject) => {
      const command = [process.execPath, bin, ...args].map((word) => `'${word}'`).join(' ');
      const child = spawn('script', ['--quiet', '--return', '--flush', '--command', command, '/dev/null'], { timeout: 20_000 });
      let shown = '';
      let asked = false;
      child.stdout.on('data', (data: Buffer) => {
        shown += data.toString();
        if (asked || !shown.includes(question)) return;
        asked = true;
        child.stdin.write(answer);
      });
      child.once('error', reject);
      child.once('close', (code) => resolve({ code, shown }));
    });
  }

  it('watch ends with q, and with Ctrl-C', async () => {
    for (const key of ['q', '\x03']) {
      const { code, shown } = await atTerminal(['watch', '--broker', 'memory:', '--topic', 'volume'], key, 'q ends it');
      assert.equal(code, 0, shown);
      assert.match(shown, /ever served|lynchpin why volume/);
    }
  }).timeout(30_000);

  it('an action is asked for, and not done without a yes', async () => {
    const namespace = rabbit.namespace();
    const args = ['hold', 'volume', '--until', '3.2', '--reason', 'soak', '--broker', rabbit.url, '--namespace', namespace];
    for (const answer of ['n\n', '\n', '\x04']) {
      const { code, shown } = await atTerminal(args, answer);
      assert.equal(code, 1, `${JSON.stringify(answer)}: ${shown}`);
      assert.match(shown, /Hold volume at 3\.2.*\? \[y\/N\] /);
    }
    // It goes on, to where it is told that there is no such topic.
    const { code, shown } = await atTerminal(args, 'y\n');
    assert.deepEqual([code, shown.includes('NO_SERVER')], [2, true], shown);
  }).timeout(30_000);
});
