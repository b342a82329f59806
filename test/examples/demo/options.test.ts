import assert from 'node:assert/strict';
import { demo } from './run.js';

describe('the options of the demo', () => {
  const wrong: readonly (readonly string[])[] = [
    ['--rabbit'],
    ['amqp'],
    ['--seconds'],
    ['--seconds', '--json'],
    ['--seconds=soon'],
    ['--seconds', '2'],
    ['--calls', '1.5'],
    ['--seed', '-1'],
    ['--json=yes'],
    ['--seed', '1', '--seed', '2'],
    ['--journals', import.meta.dirname],
  ];
  for (const args of wrong) {
    it(`are refused in one sentence: ${args.map((arg) => (arg === import.meta.dirname ? 'a folder that is not empty' : arg)).join(' ')}`, async () => {
      const { code, output, errors } = await demo(...args);
      assert.equal(code, 2);
      assert.equal(output, '');
      assert.match(errors, /^demo: [^\n]+\n$/);
    });
  }

  it('are explained by --help, each of them', async () => {
    const { code, output } = await demo('--help');
    assert.equal(code, 0);
    for (const option of ['--amqp', '--json', '--seconds', '--calls', '--seed', '--journals', '--help', 'NO_COLOR'])
      assert.ok(output.includes(option), option);
  });
});
