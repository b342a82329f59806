import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { demo, eventsOf, start } from '../examples/demo/run.js';

/** Printable characters and line ends. */
const PLAIN = /^[\P{C}\n]*$/u;

describe('the demo on the memory broker', function () {
  this.timeout(240_000);

  it('tells its six acts in plain lines when it is piped, and everything adds up', async () => {
    const { code, output, errors } = await demo('--seconds', '5', '--seed', '7');
    assert.equal(code, 0, output + errors);
    assert.match(output, PLAIN);
    assert.deepEqual(
      [...output.matchAll(/Act (\d) of 6/g)].map(([, act]) => act),
      ['1', '2', '3', '4', '5', '6'],
    );
    assert.match(output, /api-newest spoke 3\.10 > 3\.20 > 3\.10 > 3\.20\./);
    assert.match(output, / 0 failed/);
    assert.match(output, /10 s by default/);
  });

  it('prints events with --json, and its journals reconcile', async () => {
    const journals = mkdtempSync(join(tmpdir(), 'lynchpin-demo-'));
    try {
      const { code, output, errors } = await demo('--json', '--seconds', '5', '--journals', journals);
      assert.equal(code, 0, output + errors);
      const events = eventsOf(output);
      assert.deepEqual([events[0]?.['event'], events.at(-1)?.['event']], ['start', 'end']);
      for (const { at } of events) assert.equal(typeof at, 'number');
      const end = events.at(-1) as Record<string, number> & { pins: unknown };
      assert.deepEqual(end.pins, { 'api-ocata': '3.10', 'api-newest': '3.10 > 3.20 > 3.10 > 3.20' });
      assert.equal(end['failed'], 0);
      for (const count of ['calls', 'casts', 'backported', 'refused']) assert.ok((end[count] ?? 0) > 0, count);
      const findings = events.filter(({ event }) => event === 'finding');
      assert.equal(findings.length, 9);
      assert.ok(findings.every(({ ok }) => ok === true));
      const served = events.filter(({ event, state }) => event === 'server' && state === 'serving').map(({ release }) => release);
      assert.deepEqual(
        served,
        ['ocata', 'newest', 'ocata', 'newest'].flatMap((release) => [release, release, release]),
      );
    } finally {
      rmSync(journals, { recursive: true });
    }
  });

  it('ends with 130 on Ctrl-C, at once', async () => {
    const child = start('index.js', []);
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      if (/volume-1 is serving/.test(output)) child.kill('SIGINT');
    });
    assert.deepEqual(await once(child, 'close'), [130, null]);
    assert.doesNotMatch(output, /PROBLEM|Act 6/);
  });
});
