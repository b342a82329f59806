import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Found } from '../fleet/actions/run-guards.js';
import { mutationArguments, unapplied, type Mutation } from '../harness/mutation/index.js';
import { runNode } from '../style/project.js';
import { sharedRabbit } from '../support/rabbitmq/index.js';

interface Switched {
  /** The file with the tests, below `test/`, and a part of the title of the one that notices. */
  readonly notices: readonly [file: string, title: string];
  readonly mutation: Mutation;
}

const broken = (file: string, title: string, source: string, find: string, replace: string): Switched => ({
  notices: [file, title],
  mutation: { file: `dist/${source}.js`, find, replace },
});

const PRUNING = 'fleet/actions/pruning';
const RESCUES = 'fleet/actions/rescues';
const STRANDED = 'pin/stranded';

const GUARDS: Record<string, Switched> = {
  'who is there is looked at, where nothing is counted': broken(
    PRUNING,
    'finishes what it has in hand',
    'fleet/actions/prune-plan',
    'servers.has(subject.server)',
    'false',
  ),
  'the same on RabbitMQ': broken(
    'fleet/actions/pruning-rabbitmq',
    'in no count',
    'fleet/actions/prune-plan',
    'servers.has(subject.server)',
    'false',
  ),
  'a queue is unbound before it is looked at': broken(
    PRUNING,
    'unbinds first',
    'fleet/actions/prune',
    "await broker.unbind(queue, names.fanout, '');",
    ';',
  ),
  'ten seconds pass between the looks': broken(
    PRUNING,
    'looks again after ten seconds',
    'fleet/actions/prune',
    'clock.now() - begun < GRACE',
    'false',
  ),
  'a deletion is on condition': broken(PRUNING, 'at the last moment', 'fleet/actions/prune', '{ unused: true, empty: true }', '{}'),
  'the roll is held against those who are known': broken(
    PRUNING,
    'counts servers that nobody knows',
    'fleet/actions/prune',
    ': strangers',
    ': false',
  ),
  'a lane with messages stays': broken(
    PRUNING,
    'leaves a lane on which messages stand',
    'fleet/actions/prune-plan',
    'if (count.ready > 0)\n            return leave(`messages',
    'if (false)\n            return leave(`messages',
  ),
  'only one does it at a time': broken(
    RESCUES,
    'one at a time',
    'fleet/actions/alone',
    'namesOf(topic).salvage',
    '`${namesOf(topic).salvage}${Math.random()}`',
  ),
  'who is said to be gone must be': broken(
    RESCUES,
    'only when it is said',
    'fleet/actions/survey',
    'gone.includes(server) && (answers || maybe)',
    'false',
  ),
  'what is counted is not taken': broken(RESCUES, 'counts only', 'fleet/actions/rescue', 'options.dryRun === true', 'false'),
  'what the package does not know stays': broken(
    RESCUES,
    'does not know',
    'fleet/actions/rescue-plan',
    '!knows.includes(version)',
    'false',
  ),
  'a server takes back what it had parked': broken(
    RESCUES,
    'brings what was parked back',
    'rpc/server/hand-back',
    'headers?.[HEADERS.from] !== names.parked(server)',
    'true',
  ),
  'an order to leave comes by the exchange of the fleet': broken(
    'fleet/actions/drains',
    'by another way',
    'pin/life',
    'exchange === this.#names.fleet',
    'true',
  ),
  'lanes below the floor are looked at': broken(STRANDED, 'is refused while', 'pin/stranded-gate', 'below.length > 0', 'false'),
  'a lane that is being emptied has time': broken(
    STRANDED,
    'goes on as soon',
    'pin/stranded-gate',
    'clock.now() - begun < PATIENCE',
    'false',
  ),
  'what is read of a lane is put back': broken(
    STRANDED,
    'is refused while',
    'pin/stranded-gate',
    "(await broker.publish(copy)) === 'confirmed'",
    'true',
  ),
  'who was admitted is not asked again': broken(STRANDED, 'is looked at once', 'pin/stranded-gate', 'this.#checked = true;', ';'),
};

describe('each guard of what operators do is shown to fail:', function () {
  this.timeout(60_000);
  let folder: string;
  let url: string;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'lynchpin-actions-'));
    ({ url } = await sharedRabbit(this.ctx));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  async function guards(at: number, { notices, mutation }: Switched): Promise<Found> {
    const record = join(folder, `${at}.record`);
    const { nodeOptions, environment } = mutationArguments([mutation], record);
    const { output } = await runNode([...nodeOptions, 'build/test/fleet/actions/run-guards.js', ...notices], {
      env: { ...process.env, ...environment, AMQP_URL: url },
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
      const { passed, failed } = (await runs.get(what)) as Found;
      assert.ok(failed.length > 0, 'no test fails');
      assert.equal(passed, 0);
    });
});
