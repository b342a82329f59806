import assert from 'node:assert/strict';
import { floorOf, type Entry } from '#lynchpin/pin/index.js';
import type { Mutation } from '../../harness/mutation/index.js';
import { sharedRabbit } from '../../support/rabbitmq/index.js';
import { FinalizingStage, look } from './stage.js';

const DAY = 86_400_000;
/** A process that judges by its wall clock who is gone. */
const WALL_CLOCK: Mutation = { file: 'dist/pin/clock.js', find: 'now: () => performance.now(),', replace: 'now: () => Date.now(),' };
/** How long it takes to be sure that somebody is gone, in ms. */
const CERTAIN = 10_000;

/** By how much the wall clocks of a run are wrong: from the start, and from the middle on. */
interface Clocks {
  readonly first: number;
  readonly second: number;
  readonly finalizer: number;
}

describe('wall clocks that are a day off, on RabbitMQ', () => {
  let stage: FinalizingStage;
  let namespace: () => string;
  before(async function () {
    const rabbit = await sharedRabbit(this);
    ({ namespace } = rabbit);
    stage = await FinalizingStage.open(rabbit.url);
  });
  after(() => stage.close());

  /** Two servers join, one dies, and a version is made final: what stands in the ledger, and how long it took from the death. */
  async function run(
    clocks: Clocks,
    mutations: readonly Mutation[] = [],
  ): Promise<{ readonly order: readonly string[]; readonly took: number }> {
    const its = namespace();
    const entries: Entry[] = [];
    const ledger = await stage.ledger(its, entries);
    const first = await stage.actor({ namespaces: [its], name: 'volume-1', release: 'new', shift: clocks.first }, mutations).ready();
    const second = await stage.actor({ namespaces: [its], name: 'volume-2', release: 'old', shift: clocks.second }, mutations).ready();
    const finalizer = await stage.actor({ namespaces: [its], name: 'ada', release: 'neither', shift: clocks.finalizer }, mutations).ready();
    await look('both are members, and the client of the older', () => ledger.state.members.length === 3);
    await second.kill();
    const died = performance.now();
    const finalizing = finalizer.ask({ do: 'finalize', version: '3.4', timeout: 60_000 });
    // In the middle of it the other way round.
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    await Promise.all([first.ask({ do: 'shift', by: -clocks.first }), finalizer.ask({ do: 'shift', by: -clocks.finalizer })]);
    assert.deepEqual(await finalizing, { author: 'ada' });
    const took = performance.now() - died;
    await look('it is final', () => floorOf(ledger.state)?.version === '3.4');
    return { order: entries.map(({ kind, author }) => `${kind} ${author}`), took };
  }

  it('change neither what happens, nor its order, nor when; by a wall clock somebody would be taken for gone too soon', async function () {
    this.timeout(120_000);
    const [right, wrong, judged] = await Promise.all([
      run({ first: 0, second: 0, finalizer: 0 }),
      run({ first: DAY, second: -DAY, finalizer: -DAY }),
      run({ first: 0, second: 0, finalizer: -DAY }, [WALL_CLOCK]),
    ]);
    assert.deepEqual(wrong.order, right.order);
    assert.deepEqual(right.order, [
      'joined volume-1',
      'joined volume-2',
      'joined volume-2',
      'expire ada',
      'expire ada',
      'prepare ada',
      'ack volume-1',
      'finalize ada',
    ]);
    for (const { took } of [right, wrong]) assert.ok(took >= CERTAIN && took < 3 * CERTAIN, `${took} ms`);
    assert.ok(judged.took < CERTAIN, `${judged.took} ms by a wall clock that jumped a day ahead`);
  });
});
