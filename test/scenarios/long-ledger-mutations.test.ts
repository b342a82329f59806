import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Found } from '../fleet/actions/run-guards.js';
import { mutationArguments, unapplied, type Mutation } from '../harness/mutation/index.js';
import { runNode } from '../style/project.js';

/** Each guard, and the test that misses it. */
const GUARDS: Record<string, { readonly title: string; readonly mutation: Mutation }> = {
  'a snapshot counts only right behind what it ends at': {
    title: 'comes to the same',
    mutation: { file: 'dist/pin/ledger/fold.js', find: 'if (!adjacent)', replace: 'if (false)' },
  },
  'a tail is believed only from a snapshot that counts on': {
    title: 'comes to the same',
    mutation: { file: 'dist/pin/tail.js', find: "this.#state.unreadable?.cause !== 'beginning'", replace: "entry.kind === 'snapshot'" },
  },
  'who looks waits for where the log ended': {
    title: 'however slowly',
    mutation: { file: 'dist/pin/topic-ledger.js', find: '|| !reached()', replace: '' },
  },
};

describe('each guard of reading a long ledger is shown to fail:', () => {
  let folder: string;
  before(() => (folder = mkdtempSync(join(tmpdir(), 'lynchpin-long-'))));
  after(() => rmSync(folder, { recursive: true, force: true }));

  for (const [what, { title, mutation }] of Object.entries(GUARDS))
    it(`without "${what}" a test fails`, async () => {
      const record = join(folder, 'record');
      const { nodeOptions, environment } = mutationArguments([mutation], record);
      const program = [...nodeOptions, 'build/test/fleet/actions/run-guards.js', 'pin/long-ledger', title];
      const { output } = await runNode(program, { env: { ...process.env, ...environment } });
      assert.deepEqual(unapplied([mutation], record), [], output);
      const { passed, failed } = JSON.parse(output.slice(output.lastIndexOf('\n{"passed"'))) as Found;
      assert.deepEqual([passed, failed.length], [0, 1], failed.join());
      rmSync(record);
    }).timeout(30_000);
});
