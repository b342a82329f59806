import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mutationArguments, unapplied, type Mutation } from '../../harness/mutation/index.js';
import type { Found } from '../../rpc/run-guards.js';
import { runNode } from '../../style/project.js';

interface Broken {
  /** The one test that is run, and must fail. */
  readonly notices: string;
  readonly mutation: Mutation;
}

const broken = (notices: string, file: string, find: string, replace: string): Broken => ({
  notices: `finish lane ${notices}`,
  mutation: { file: `dist/rpc/${file}`, find, replace },
});

const AT_ONCE = 'answers what who called it needs, where both are told to stop at once, front first';
const ONCE_EACH = 'takes calls that stood on the lane already, each once, and leaves all else to who comes next';
const STAYS = 'is not kept open where nobody needs it, nor where others read the lane';

const GUARDS: Readonly<Record<string, Broken>> = {
  'who has work in hand says so': broken(AT_ONCE, 'client/finish-requests.js', 'if (!post.busy && waiting.size === 0)', 'if (true)'),
  'who leaves listens': broken(AT_ONCE, 'server/server.js', 'this.#finishLane?.asked(request);', ';'),
  'who leaves stays': broken(AT_ONCE, 'server/server.js', 'while (await lane.more(linger, signal));', 'while (false);'),
  'it is renewed by who has work in hand': broken(
    'answers what others need where it leaves alone',
    'client/finish-requests.js',
    'setInterval(() => this.#ask(), EVERY)',
    'setInterval(() => {}, EVERY)',
  ),
  'the calls of a process that leaves count': broken(
    'finishes the calls of a process that leaves and serves nothing itself',
    'client/call.js',
    '(this.#nested || leaving)',
    'this.#nested',
  ),
  'what was given back is let go of': broken(
    'finishes the calls of a process that leaves and serves nothing itself',
    'server/reception.js',
    'for (const work of neverStarted)\n            this.#forget(work);',
    '',
  ),
  'only what is part of other work is asked for': broken(ONCE_EACH, 'client/call.js', '(this.#nested || leaving)', 'true'),
  'no cast is taken': broken(
    'takes no cast, and nothing from a lane that it does not read, whoever asks',
    'server/finish-lane.js',
    'isCall(delivery) && ',
    '',
  ),
  'only what was asked for is taken': broken(ONCE_EACH, 'server/finish-lane.js', 'ids.delete(id))', '(ids.delete(id) || true))'),
  'what is put back does not look half-done': broken(ONCE_EACH, 'server/finish-lane.js', 'markOf(wasDelivered(delivery))', 'markOf(true)'),
  'what is put back is put back once': broken(ONCE_EACH, 'server/finish-lane.js', 'await tap.ack(delivery);', ';'),
  'others read the lane by themselves': broken(
    'takes nothing off a lane that others read',
    'server/finish-lane.js',
    'if (!(await this.#isUnread(version)))',
    'if (false)',
  ),
  'it is over where others read the lane': broken(STAYS, 'server/finish-lane.js', '!(await this.#isMissed())', 'false'),
  'its time is bounded': broken(
    'is closed when its time is over, whatever others need',
    'server/server.js',
    'await Promise.race([Promise.all([handed, this.#finish(finishLane, linger, enough.signal)]), pause(timeout, enough.signal)]);',
    'await Promise.all([handed, this.#finish(finishLane, linger, enough.signal)]);',
  ),
};

describe('each guard of a finish lane is shown to fail:', function () {
  this.timeout(60_000);
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'lynchpin-mutations-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  async function run({ notices, mutation }: Broken, record: string): Promise<Found> {
    const { nodeOptions, environment } = mutationArguments([mutation], record);
    const program = ['build/test/rpc/run-guards.js', notices, './finishing.test.js', '3000'];
    const { output } = await runNode([...nodeOptions, ...program], { env: { ...process.env, ...environment } });
    assert.deepEqual(unapplied([mutation], record), [], output);
    return JSON.parse(output.slice(output.indexOf('{"passed"'))) as Found;
  }

  /** Three at a time: each is a process that mostly waits. */
  const runs = new Map<string, Promise<Found>>();
  before(() => {
    const lanes = [Promise.resolve(), Promise.resolve(), Promise.resolve()] as Promise<unknown>[];
    for (const [at, [what, broken]] of Object.entries(GUARDS).entries()) {
      const begun = (lanes[at % 3] as Promise<unknown>).then(() => run(broken, join(folder, `${at}.record`)));
      runs.set(what, begun);
      lanes[at % 3] = begun.catch(() => undefined);
    }
  });

  for (const what of Object.keys(GUARDS))
    it(`without "${what}"`, async () => {
      const { passed, failed } = (await runs.get(what)) as Found;
      assert.equal(passed, 0, 'it passes all the same');
      assert.ok(failed.length > 0, 'it is not run');
    });
});
