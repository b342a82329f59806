import { notDeepEqual } from 'node:assert/strict';
import type { Mutation } from '../harness/mutation/index.js';
import type { Action } from '../harness/plan/index.js';
import { perform, type Stage } from '../harness/stage/index.js';
import { type RabbitNode, type SharedRabbit, sharedRabbit, startRabbit } from '../support/rabbitmq/index.js';
import type { Casting } from '../system/releases/catalogue.js';
import { type Invariant, planOf, play, type Run, type ScenarioOptions } from '../system/scenario.js';

/** A mechanism switched off in one release, and the invariant that must be seen to break by it. */
interface Case {
  readonly fact: string;
  readonly breaks: Invariant;
  readonly in: Casting;
  readonly mutation: Mutation;
  /** What else has to be switched off for it to be seen. */
  readonly besides?: Mutation;
  readonly scenario: Pick<ScenarioOptions, 'servers' | 'clients'> & Partial<ScenarioOptions>;
  readonly restartsBroker?: true;
}

const SETTLE = 500;
const rest: Action = { do: 'rest', messages: 30 };
const replaced: readonly Action[] = [
  { do: 'stop', name: 'server-1' },
  { do: 'start', name: 'server-1', release: 'B' },
];
const young = { servers: { 'server-1': 'B' }, clients: { 'client-a': 'A' } } as const;
const old = { servers: { 'server-1': 'A' }, clients: { 'client-b': 'B' } } as const;
const mixed = { servers: { 'server-1': 'A', 'server-2': 'B' }, clients: { 'client-b': 'B' } } as const;

const cases: readonly Case[] = [
  {
    fact: '1: a server that consumes a lane above its window is handed what it cannot read',
    breaks: 'window',
    in: 'server A',
    mutation: {
      file: 'dist/rpc/server/seat.js',
      find: 'await this.#still(this.#lanes.add(version));',
      replace:
        "{ await this.#lanes.add(version); if (version === '1.2') { await topology.ensureLane('1.4'); await this.#lanes.add('1.4'); } }",
    },
    scenario: { ...old, mix: ['split', 'place'] },
  },
  {
    fact: '2: a server without its upgrade functions loses what is not declared to be lost',
    breaks: 'loss',
    in: 'server B',
    mutation: {
      file: 'dist/objects/plan/convert-object.js',
      find: 'step === undefined ? data : run(record, step, data, known)',
      replace: '({ ...data })',
    },
    scenario: young,
  },
  {
    fact: '3: a server that reads its own version only refuses what its window promises',
    breaks: 'acceptance',
    in: 'server B',
    mutation: { file: 'dist/rpc/server/verdict.js', find: '!contract.line.has(type.version)', replace: 'type.version !== contract.head' },
    scenario: young,
  },
  {
    fact: '4: a client that takes "unknown" for agreement raises its pin while an old server is there',
    breaks: 'pins',
    in: 'client B',
    mutation: {
      file: 'dist/pin/decide.js',
      find: 'reading.servers <= 0)\n        return held(from);',
      replace: "reading.servers <= 0)\n        return { ...held(from), version: rules.line.head, state: 'released' };",
    },
    scenario: { ...mixed, plan: planOf({ do: 'cut', name: 'client-b' }, rest) },
  },
  {
    fact: '5: a client that has no quiet time and waits for nobody raises its pin after a restart of the broker, before everybody is back',
    breaks: 'pins',
    in: 'client B',
    mutation: { file: 'dist/pin/decide.js', find: 'now - since >= rules.settle', replace: 'true' },
    besides: { file: 'dist/pin/absence.js', find: 'missing > 0 && !late', replace: 'false' },
    scenario: {
      ...mixed,
      // However long everyone takes to be back, it is less than this.
      settle: 20_000,
      plan: planOf({ do: 'refuse', name: 'server-1' }, { do: 'restart-broker' }),
      finish: async (stage) => {
        await stage.part('client-b').child.told('pin', ({ version }) => version === '1.4');
        await perform(stage, { do: 'mend', name: 'server-1' });
      },
    },
    restartsBroker: true,
  },
  {
    fact: '6: a server that acknowledges before it is done can lose what it has in hand',
    breaks: 'outcomes',
    in: 'server B',
    mutation: {
      file: 'dist/rpc/server/reception.js',
      find: 'this.desk.take(work);',
      replace: 'work.acknowledge(); this.desk.take(work);',
    },
    scenario: { ...young, settings: { busy: 50 } },
  },
  {
    fact: '7: a server that leaves without giving back what it never started makes it look half-done',
    breaks: 'redelivery',
    in: 'server A',
    mutation: { file: 'dist/rpc/server/server.js', find: 'neverStarted.map((work) => this.#giveBack(work, enough.signal))', replace: '[]' },
    scenario: {
      ...old,
      parallel: 8,
      mix: ['directed', 'place'],
      settings: { concurrency: 2, busy: 800, timeout: 20_000 },
      plan: planOf({ do: 'rest', messages: 2 }, ...replaced),
    },
  },
  {
    fact: '8: a server that answers at its own version sends what an older caller cannot read',
    breaks: 'replies',
    in: 'server B',
    mutation: {
      file: 'dist/rpc/contract/contract.js',
      find: 'answerVersion(accept) {',
      replace: 'answerVersion(accept) {\n accept = this.line.head;',
    },
    scenario: young,
  },
  {
    fact: '8: a caller whose deadline is not watched waits past it',
    breaks: 'replies',
    in: 'client B',
    mutation: { file: 'dist/rpc/client/call.js', find: 'this.#looked ? this.#end : this.#end - this.#ahead', replace: 'this.#end + 800' },
    scenario: {
      ...old,
      settings: { timeout: 300 },
      plan: planOf({ do: 'freeze', name: 'server-1' }, { do: 'rest', messages: 10_000 }, { do: 'thaw', name: 'server-1' }),
    },
  },
  {
    fact: '9: a server whose own queue is not bound misses what is meant for all',
    breaks: 'fanouts',
    in: 'server A',
    mutation: {
      file: 'dist/rpc/topology.js',
      find: "await this.broker.bind(queue, this.names.fanout, '');",
      replace: "if (server !== 'server-2') await this.broker.bind(queue, this.names.fanout, '');",
    },
    scenario: { ...old, servers: { 'server-1': 'A', 'server-2': 'A' } },
  },
  {
    fact: '12: a client that is in no hurry releases late',
    breaks: 'release',
    in: 'client B',
    mutation: { file: 'dist/pin/decide.js', find: 'now - since >= rules.settle', replace: 'now - since >= rules.settle + 4_000' },
    scenario: { ...old, plan: planOf(...replaced), until: { 'client-b': '1.4' } },
  },
  {
    fact: '13: a client that decides by the wall clock does not release when that is set back',
    breaks: 'release',
    in: 'client B',
    mutation: { file: 'dist/pin/clock.js', find: 'performance.now()', replace: 'Date.now()' },
    scenario: { ...old, settle: 1_500, plan: planOf(...replaced), finish: setBackWhileSettling },
  },
];

async function setBackWhileSettling(stage: Stage): Promise<void> {
  const { child } = stage.part('client-b');
  await child.told('pin', ({ state }) => state === 'settling');
  await perform(stage, { do: 'clock', name: 'client-b', by: -86_400_000 });
  await child.told('pin', ({ version }) => version === '1.4', 5_000).catch(() => undefined);
}

describe('each invariant is seen to break when the mechanism behind it is switched off', function () {
  this.timeout(120_000);
  const runs = new Map<Case, Run | Error>();
  let shared: SharedRabbit;
  let own: RabbitNode;

  before(async function () {
    [shared, own] = await Promise.all([sharedRabbit(this), startRabbit({ prefix: 'system' })]);
    // Two at a time: most of a run is waiting.
    const left = [...cases];
    const worker = async (): Promise<void> => {
      for (let next = left.shift(); next !== undefined; next = left.shift()) {
        runs.set(next, await alter(next).catch((error: unknown) => error as Error));
      }
    };
    await Promise.all([worker(), worker()]);
  });
  after(() => own?.stop());

  function alter({ in: casting, mutation, besides, scenario, restartsBroker }: Case): Promise<Run> {
    const broker = restartsBroker ? own : { url: shared.url, restart: () => Promise.reject(new Error('this broker is shared')) };
    return play({
      broker,
      plan: planOf(rest),
      parallel: 3,
      settle: SETTLE,
      ...scenario,
      mutations: { [casting]: besides === undefined ? [mutation] : [mutation, besides] },
    });
  }

  for (const one of cases) {
    it(one.fact, () => {
      const run = runs.get(one);
      if (run === undefined || run instanceof Error) throw run ?? new Error('was not played');
      notDeepEqual(run.findings[one.breaks].violations, []);
      run.discard();
    });
  }
});
