import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Found } from '../fleet/actions/run-guards.js';
import { mutationArguments, unapplied, type Mutation } from '../harness/mutation/index.js';
import { runNode } from '../style/project.js';

interface Switched {
  /** The file with the tests, below `test/`, and a part of the title of those that notice. */
  readonly notices: readonly [file: string, title: string];
  readonly mutation: Mutation;
}

const broken = (file: string, title: string, source: string, find: string, replace: string): Switched => ({
  notices: [file, title],
  mutation: { file: `dist/${source}.js`, find, replace },
});

const HOLDING = 'pin/holding';
const AWAY = 'a version above its own became final';

const GUARDS: Record<string, Switched> = {
  'a hold caps the pin': broken(HOLDING, 'caps the pins of every process', 'pin/course', 'ceiling === undefined ||', 'true ||'),
  'a client that starts reads the holds first': broken(
    HOLDING,
    'is never exceeded by a process that starts',
    'pin/course',
    'ceiling === undefined ||',
    "before.standing.state === 'unknown' || ceiling === undefined ||",
  ),
  'a hold without a version is what the pin was': broken(HOLDING, 'keeps pins where they are', 'pin/ceiling', 'return pinned ??', 'return'),
  'a hold without a version remembers what all servers read': broken(
    HOLDING,
    'goes as far as all servers went',
    'pin/ceiling',
    'hold.common',
    'undefined',
  ),
  'a ledger that is not followed raises nothing': broken(
    HOLDING,
    'raises no pin while it cannot be followed',
    'pin/limits',
    "ledger.following ? absent : 'ledger'",
    'absent',
  ),
  'the start waits for the ledger two seconds and no longer': broken(
    HOLDING,
    'is waited for at the start',
    'pin/start',
    '>= LEDGER',
    '>= 10 * LEDGER',
  ),
  'what is final is the least': broken(
    HOLDING,
    'is final is the least',
    'pin/limits',
    'final === undefined ? undefined :',
    'true ? undefined :',
  ),
  'a hold is warned of once': broken(HOLDING, 'is warned of once', 'pin/hold-warnings', 'this.#said.add(hold.id);', ';'),
  'the queue of holds is read by one at a time': broken(
    HOLDING,
    'however many read them at once',
    'pin/holds-queue',
    'exclusive: true',
    'exclusive: false',
  ),
  'the mark is taken off the queue of holds': broken(
    HOLDING,
    'however many read them at once',
    'pin/holds-queue',
    'intake.ack(delivery);',
    ';',
  ),
  'a client asks before it sends': broken(
    'bus/refused',
    AWAY,
    'rpc/client/core',
    'await this.admission.admitted(this.#closed.signal);',
    ';',
  ),
  'casts in flight are taken back': broken('bus/refused', AWAY, 'rpc/client/core', 'of Array.from(this.#publishing)', 'of []'),
  'a client waits for its ledger no longer than it must': broken(
    'bus/refused',
    'does not answer for two seconds',
    'pin/attendance',
    'const PATIENCE = 2_000;',
    'const PATIENCE = 20_000;',
  ),
  'a lost connection puts the place of a server in doubt': broken(
    'rpc/place',
    'until the gate has been asked again',
    'rpc/server/place',
    "state === 'down' &&",
    'false &&',
  ),
  'only the last answer ends the doubt': broken(
    'rpc/place',
    'before it was in doubt once more',
    'rpc/server/place',
    'if (doubt === this.#doubts && this.#admitted',
    'if (this.#admitted',
  ),
  'who is refused stays so': broken('rpc/place', 'is lost for good', 'rpc/server/place', 'if (kept)', ''),
  'what a pin was set to is remembered': broken('bus/pins', 'a SIGHUP reads the file again', 'bus/pins', 'client.present = to;', ';'),
};

describe('each guard of a pin under a ledger is shown to fail:', function () {
  this.timeout(60_000);
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'lynchpin-pins-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  async function guards(at: number, { notices, mutation }: Switched): Promise<Found> {
    const record = join(folder, `${at}.record`);
    const { nodeOptions, environment } = mutationArguments([mutation], record);
    const { output } = await runNode([...nodeOptions, 'build/test/fleet/actions/run-guards.js', ...notices], {
      // What is warned of would stand behind what was found.
      env: { ...process.env, ...environment, NODE_NO_WARNINGS: '1' },
    });
    assert.deepEqual(unapplied([mutation], record), [], output);
    return JSON.parse(output.slice(output.lastIndexOf('\n{"passed"'))) as Found;
  }

  /** Two at a time: each is a process that mostly waits. */
  const runs = new Map<string, Promise<Found>>();
  before(() => {
    const lanes: [Promise<unknown>, Promise<unknown>] = [Promise.resolve(), Promise.resolve()];
    for (const [at, [what, switched]] of Object.entries(GUARDS).entries()) {
      const run = (lanes[at % 2] as Promise<unknown>).then(() => guards(at, switched));
      runs.set(what, run);
      lanes[at % 2] = run.catch(() => undefined);
    }
  });

  for (const what of Object.keys(GUARDS))
    it(`without "${what}" a test fails`, async () => {
      const { failed } = (await runs.get(what)) as Found;
      assert.ok(failed.length > 0, 'no test fails');
    });
});
