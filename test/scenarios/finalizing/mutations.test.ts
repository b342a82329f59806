import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Found } from '../../fleet/actions/run-guards.js';
import { mutationArguments, unapplied, type Mutation } from '../../harness/mutation/index.js';
import { runNode } from '../../style/project.js';

interface Broken {
  /** The file of tests, and part of the title of the one that must fail. */
  readonly notices: readonly [file: string, title: string];
  readonly mutation: Mutation;
}

const broken = (notices: Broken['notices'], file: string, find: string, replace: string): Broken => ({
  notices,
  mutation: { file: `dist/${file}.js`, find, replace },
});

const ABSENCES = 'fleet/finalizing/absences';
const GUARDS: Readonly<Record<string, Broken>> = {
  'only a queue that is missing is evidence': broken(
    ['fleet/absences', 'is none when the queue is there'],
    ABSENCES,
    "count.known || count.reason === 'taken' ? 'connected' : count.reason === 'missing' ? 'gone' : 'unknown'",
    "count.known ? 'connected' : 'gone'",
  ),
  'looks that count come in a row': broken(
    ['fleet/absences', 'begins anew with each other answer'],
    ABSENCES,
    "known && before?.presence === 'gone' && presence === 'gone' ? before",
    'before !== undefined ? before',
  ),
  'who looks was not cut off itself': broken(
    ['fleet/absences', 'begins anew when whoever looks'],
    ABSENCES,
    "if (state !== 'up' && state !== 'blocked')",
    'if (false)',
  ),
  'evidence takes its time': broken(
    ['fleet/absences', 'is a queue that was missing'],
    ABSENCES,
    'looks >= EVIDENCE.looks && over >= EVIDENCE.over',
    'looks >= 1',
  ),
  'who reads less is named at once': broken(
    ['fleet/finalizing', 'is refused at once while somebody'],
    'fleet/finalizing/survey',
    "if (lowerStill.some((member) => absences.presence(member) === 'connected')) {",
    'if (false) {',
  ),
  'a version that nobody has is a slip': broken(
    ['fleet/finalizing', 'is refused at once by a hold'],
    'fleet/finalizing/survey',
    'if (slip !== undefined)',
    'if (false)',
  ),
  'what cannot be finished is given up': broken(
    ['fleet/final-version', 'is given up when it cannot be finished'],
    'fleet/finalizing/drive',
    "if (lower.some((member) => absences.presence(member) === 'connected' && stillIn(course, member)))",
    'if (false)',
  ),
  'somebody minds what is left': broken(
    ['fleet/final-version', 'is finished by a live server'],
    'fleet/finalizing/steward',
    'if (prepared !== undefined)\n            this.#watch(prepared);',
    '',
  ),
  'what was agreed to is waited for': broken(
    ['fleet/final-version', 'is waited for while a finalization is under way'],
    'fleet/finalizing/showable',
    'return decided ? ',
    'return true ? ',
  ),
  'what was not agreed to is not waited for': broken(
    ['fleet/final-version', 'does not wait for a finalization'],
    'fleet/finalizing/showable',
    'compareVersions(window.version, prepared.version) < 0',
    'false',
  ),
  'one gives up for all who wait': broken(
    ['fleet/final-version', 'gives a finalization up that takes too long, once'],
    'fleet/finalizing/final-version',
    'if (abandoning === undefined) {',
    'if (true) {',
  ),
  'a snapshot is written': broken(
    ['pin/scribe', 'can be read although'],
    'pin/scribe',
    'if (this.#ledger.unsummed < Math.max(this.#due, EACH_MEMBER * state.members.length))',
    'if (true)',
  ),
};

describe('each guard of a finalization is shown to fail:', function () {
  this.timeout(60_000);
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'lynchpin-finalizing-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  async function run({ notices, mutation }: Broken, record: string): Promise<Found> {
    const { nodeOptions, environment } = mutationArguments([mutation], record);
    const { output } = await runNode([...nodeOptions, 'build/test/fleet/actions/run-guards.js', ...notices], {
      env: { ...process.env, ...environment },
    });
    assert.deepEqual(unapplied([mutation], record), [], output);
    const line = output.split('\n').find((text) => text.startsWith('{"passed"'));
    assert.ok(line !== undefined, output);
    // A warning of the process comes right behind it.
    return JSON.parse(line.split('(node:')[0] as string) as Found;
  }

  /** Two at a time: each is a process that mostly waits. */
  const runs = new Map<string, Promise<Found>>();
  before(() => {
    const lanes: [Promise<unknown>, Promise<unknown>] = [Promise.resolve(), Promise.resolve()];
    for (const [at, [what, one]] of Object.entries(GUARDS).entries()) {
      const begun = (lanes[at % 2] as Promise<unknown>).then(() => run(one, join(folder, `${at}.record`)));
      runs.set(what, begun);
      lanes[at % 2] = begun.catch(() => undefined);
    }
  });

  for (const what of Object.keys(GUARDS))
    it(`without "${what}" a test fails`, async () => {
      const { passed, failed } = (await runs.get(what)) as Found;
      assert.ok(failed.length > 0, 'no test fails');
      assert.equal(passed, 0);
    });
});
