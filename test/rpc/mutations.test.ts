import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Mutation, mutationArguments, unapplied } from '../harness/mutation/index.js';
import { runNode } from '../style/project.js';
import type { Found } from './run-guards.js';

interface Switched {
  /** The one test that notices. */
  readonly notices: string;
  /** The line that is broken, one file of `dist/rpc/`. */
  readonly mutations: readonly Mutation[];
}

const broken = (notices: string, file: string, ...changes: readonly (readonly [find: string, replace: string])[]): Switched => ({
  notices,
  mutations: changes.map(([find, replace]) => ({ file: `dist/rpc/${file}`, find, replace })),
});

const ROLL = 'await this.#still(this.#appear(presence, names.roll));';
const PRESENCE = 'for (const version of line.versions)\n            await this.#still(this.#appear(presence, names.rollAt(version)));';
const ORDER = 'is on the roll only while it consumes all that it reads';

const GUARDS: Record<string, Switched> = {
  'a redelivery is told from a first delivery': broken('does not run again what may have run', 'server/verdict.js', [
    'redelivered && !method.idempotent',
    'false',
  ]),
  'the window is looked at': broken('hands back what came to its own queue', 'server/verdict.js', [
    '!contract.line.has(type.version)',
    'false',
  ]),
  'the own queue is told from a lane': broken('hands back what came to its own queue', 'server/verdict.js', ["source === 'own'", 'false']),
  'the version of an answer is bounded': broken('answers in a version that its caller accepts', 'server/answers.js', [
    'this.contract.answerVersion(work.accept)',
    'this.contract.head',
  ]),
  'the deadline is looked at before the start': broken('its deadline has passed', 'server/reception.js', [
    'performance.now() >= work.startBy',
    'false',
  ]),
  'what waits is withdrawn when it is cancelled': broken('its caller gave up while it waited', 'server/reception.js', [
    'this.desk.withdraw(work)',
    'false',
  ]),
  'cancellations are remembered': broken('its caller gave up before it came', 'server/reception.js', [
    'this.#cancelled.has(verdict.id)',
    'false',
  ]),
  'what never began is published again, not left to the broker': broken('gives back what it never began', 'server/server.js', [
    'neverStarted.map((work) => this.#giveBack(work, enough.signal))',
    '[]',
  ]),
  'a request is acknowledged after its handler': broken('acknowledges a request when its answer is out', 'server/reception.js', [
    'const served = new Served(work);',
    'const served = new Served(work); work.acknowledge();',
  ]),
  'a request is acknowledged after its answer': broken('acknowledges a request when its answer is out', 'server/reception.js', [
    'if (owed === undefined) {',
    'if (true) {',
  ]),
  'a call that comes back has its lane declared': broken('so that a call waits there', 'client/call.js', ['void this.#makeLane();', ';']),
  'a cast that comes back has its lane declared': broken('so that a cast waits there', 'client/cast.js', [
    'await unlessAborted(this.core.topology.ensureLane(version), signal);',
    '',
  ]),
  'the roll is joined last': broken(ORDER, 'server/seat.js', [ROLL, ''], [PRESENCE, `${ROLL}\n${PRESENCE}`]),
  'presence is joined after the lanes': broken(
    ORDER,
    'server/seat.js',
    ['for (const version of line.versions)\n            await this.#still(this.#lanes.add(version));', ''],
    ['this.#lanes.start();', 'for (const version of line.versions) await this.#lanes.add(version);\nthis.#lanes.start();'],
  ),
  'the roll is left first': broken(ORDER, 'server/seat.js', ['this.#present.splice(0).reverse()', 'this.#present.splice(0)']),
};

describe('each guard of a server and a client is shown to fail:', function () {
  this.timeout(60_000);
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'lynchpin-mutations-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  async function guards(name: string, mutations: readonly Mutation[]): Promise<Found> {
    const record = join(folder, `${name}.record`);
    const side = mutations.some(({ file }) => file.includes('/client/')) ? 'client' : 'server';
    const { nodeOptions, environment } = mutationArguments(mutations, record);
    const { output } = await runNode([...nodeOptions, 'build/test/rpc/run-guards.js', side], { env: { ...process.env, ...environment } });
    assert.deepEqual(unapplied(mutations, record), [], output);
    return JSON.parse(output.slice(output.indexOf('{"passed"'))) as Found;
  }

  /** Two at a time: each is a process that mostly waits. */
  const runs = new Map<string, Promise<Found>>();
  before(() => {
    const all = Object.entries(GUARDS);
    const lanes: [Promise<unknown>, Promise<unknown>] = [Promise.resolve(), Promise.resolve()];
    for (const [at, [what, { mutations }]] of all.entries()) {
      const run = (lanes[at % 2] as Promise<unknown>).then(() => guards(`guard-${at}`, mutations));
      runs.set(what, run);
      lanes[at % 2] = run.catch(() => undefined);
    }
  });

  for (const [what, { notices }] of Object.entries(GUARDS))
    it(`without "${what}" just one test fails`, async () => {
      const { passed, failed } = (await runs.get(what)) as Found;
      assert.equal(failed.length, 1, failed.length === 0 ? 'no test fails' : JSON.stringify(failed, null, 2));
      assert.ok(failed[0]?.title.includes(notices), failed[0]?.title);
      assert.ok(passed > 0);
    });
});
