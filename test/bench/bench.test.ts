import { strict as assert } from 'node:assert';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { sharedRabbit } from '../support/rabbitmq/index.js';

describe('the benchmark', () => {
  it('measures calls beside raw amqplib, memory, importing and a compatibility suite, and loads neither amqplib nor ajv by importing', async function () {
    const { url } = await sharedRabbit(this);
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--expose-gc', 'build/bench/index.js', '--rounds', '1', '--scale', '0.005', '--json'],
      {
        env: { ...process.env, AMQP_URL: url },
      },
    );
    const report = JSON.parse(stdout) as {
      calls: Record<string, { ratio: number; raw: { perSecond: number }; lynchpin: { perSecond: number } }>;
      loadedByImport: string[];
      importMs: number;
      bodyBytes: number;
      suite: { ms: number; facts: number };
    };
    assert.deepEqual(Object.keys(report.calls), ['1', '100']);
    for (const { ratio, raw, lynchpin } of Object.values(report.calls)) assert.ok(ratio > 0 && raw.perSecond > 0 && lynchpin.perSecond > 0);
    assert.deepEqual(report.loadedByImport, []);
    assert.ok(report.importMs > 0);
    assert.ok(report.suite.ms > 0 && report.suite.facts > 100);
    assert.ok(report.bodyBytes > 1_500 && report.bodyBytes < 2_500);
  });
});
