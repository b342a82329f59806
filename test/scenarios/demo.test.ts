import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { demo, eventsOf, verifier } from '../examples/demo/run.js';

describe('the demo on RabbitMQ, one process per server and client', function () {
  this.timeout(240_000);

  it('answers at least 20,000 calls through up, back and up again, and the journals prove it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lynchpin-demo-'));
    try {
      const { code, output, errors } = await demo('--amqp', '--json', '--seconds', '5', '--journals', folder);
      const events = eventsOf(output);
      const end = events.at(-1) as Record<string, number> & { pins: unknown };
      assert.equal(code, 0, errors + output);
      assert.ok((end['calls'] ?? 0) >= 20_000, `${end['calls']} calls`);
      assert.equal(end['failed'], 0);
      assert.deepEqual(end.pins, { 'api-ocata': '3.10', 'api-newest': '3.10 > 3.20 > 3.10 > 3.20' });
      assert.ok(events.filter(({ event }) => event === 'finding').every(({ ok }) => ok === true));
      assert.equal((await verifier(folder, '--calls', '20000')).code, 0);

      // One line of some 180,000: a server of Ocata says that it ran a version which it cannot read.
      const path = join(folder, 'volume-2.3.journal');
      const whole = readFileSync(path, 'utf8');
      const lines = whole.split('\n');
      const at = lines.findIndex((line) => line.includes('"kind":"handling"'));
      writeFileSync(path, lines.with(at, lines[at]!.replace('"version":"3.10"', '"version":"3.11"')).join('\n'));
      const tampered = await verifier(folder);
      assert.equal(tampered.code, 1);
      assert.match(tampered.output, /volume-2\.3 reads 3\.0 to 3\.10 and ran \w+ at 3\.11/);
      // And one that is missing.
      writeFileSync(path, lines.toSpliced(at, 1).join('\n'));
      assert.equal((await verifier(folder)).code, 1);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
