import assert from 'node:assert/strict';
import { Fleet, LynchpinError } from 'lynchpin';
import { fleetNamesOf } from '#lynchpin/broker/index.js';
import { TopicLedger, type LedgerState } from '#lynchpin/pin/index.js';
import { compareVersions, type Version } from '#lynchpin/versions/index.js';
import { Random } from '../harness/plan/index.js';
import * as newer from '../rpc/fixtures/new.js';
import { NewService } from '../rpc/fixtures/services.js';
import { HubWorld, until } from '../rpc/hub.js';

/** What a finalizer was told. */
interface Told {
  readonly by: string;
  readonly version: Version;
  readonly final: boolean;
  /** How it says that it ended, where it is not final. */
  readonly outcome?: unknown;
}

/** What is not true of what they were told, or not one outcome. */
function untrue(told: readonly Told[], { floors, prepared }: Pick<LedgerState, 'floors' | 'prepared'>): string[] {
  const found: string[] = [];
  for (const { by, version, final, outcome } of told) {
    const is = floors.some((floor) => floor.version === version);
    if (final && !is) found.push(`${by} was told that ${version} is final`);
    if (!final && floors.some((floor) => floor.version === version && floor.author === by))
      found.push(`${by} was told that its ${version} is not`);
    if (!final && outcome === 'pending' && prepared === undefined && !is) found.push(`${by} was told that ${version} is under way`);
  }
  if (!floors.every(({ version }, at) => at === 0 || compareVersions((floors[at - 1] as { version: Version }).version, version) < 0))
    found.push('what is final went down, or twice the same');
  return found;
}

async function play(seed: number): Promise<readonly Told[]> {
  const random = new Random(seed);
  const here = new HubWorld();
  const ledgers: TopicLedger[] = [];
  const ledger = async (): Promise<TopicLedger> => {
    const made = new TopicLedger(here.broker, 'volume', here.names.ledger);
    ledgers.push(made);
    await made.ready(AbortSignal.timeout(10_000));
    return made;
  };
  try {
    const lines = ['volume-1', 'volume-2'].map((name) => ({ name, ...here.bus(name) }));
    await Promise.all(lines.map(({ bus, name }) => bus.serve(newer.VolumeApi, new NewService(name), { server: name })));
    const names = fleetNamesOf();
    const fleet = (author: string, its: TopicLedger): Fleet =>
      new Fleet({ broker: here.broker, namespace: 'lynchpin', names, topic: () => here.names, ledger: () => its, author });
    const soon = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, random.between(0, 150)));
    const finalizing = ['ada', 'grace'].map(async (by): Promise<Told> => {
      const version = random.pick(['3.3', '3.4'] as const);
      const its = fleet(by, await ledger());
      await soon();
      try {
        await its.finalize('volume', version, { reason: 'the column goes', timeout: 5_000 });
        return { by, version, final: true };
      } catch (error) {
        if (!LynchpinError.is(error, 'NOT_FINAL')) throw error;
        return { by, version, final: false, outcome: error.details['outcome'] };
      }
    });
    const meddler = fleet('linus', await ledger());
    const meddling = (async () => {
      const what = random.pick(['nothing', 'abort', 'hold', 'cut'] as const);
      await soon();
      if (what === 'abort') await meddler.abort('volume', { reason: 'a bad night' });
      if (what === 'hold') await meddler.hold('volume', { reason: 'a bad night', until: '3.2' });
      if (what === 'cut') here.hub.cut(random.pick(lines).broker);
    })();
    const told = await Promise.all(finalizing);
    await meddling;
    const reader = await ledger();
    await reader.look(AbortSignal.timeout(5_000));
    await until(() => ledgers.every(({ state }) => state.offset === reader.state.offset));
    for (const { state } of ledgers) assert.deepEqual(state.floors, reader.state.floors, `seed ${seed}: one outcome for all who read`);
    assert.deepEqual(untrue(told, reader.state), [], `seed ${seed}: ${JSON.stringify(told)}`);
    return told;
  } finally {
    await Promise.all(ledgers.map((made) => made.close()));
    await here.close();
  }
}

describe('two finalizers at once', () => {
  const SEEDS = 60;
  const AT_ONCE = 20;

  it(`come to one outcome and are told the truth, over ${SEEDS} seeds, whoever holds, gives up or is cut off meanwhile`, async function () {
    this.timeout(60_000);
    const seen = new Set<string>();
    for (let seed = 0; seed < SEEDS; seed += AT_ONCE) {
      const plays = await Promise.all(Array.from({ length: AT_ONCE }, (_, at) => play(seed + at)));
      for (const told of plays) for (const { final, outcome } of told) seen.add(final ? 'final' : String(outcome));
    }
    for (const outcome of ['final', 'refused']) assert.ok(seen.has(outcome), `${[...seen].join()} only`);
  });

  it('are noticed when one is told what is not so', () => {
    const floor = { version: '3.3', author: 'ada', reason: '', epoch: 3, offset: 7 } as const;
    const told = { by: 'ada', version: '3.3', final: true } as const;
    const none = { floors: [], prepared: undefined };
    assert.deepEqual(untrue([told], { floors: [floor], prepared: undefined }), []);
    assert.equal(untrue([told], none).length, 1);
    assert.equal(untrue([{ ...told, final: false, outcome: 'timeout' }], { ...none, floors: [floor] }).length, 1);
    assert.equal(untrue([{ ...told, final: false, outcome: 'pending' }], none).length, 1);
    assert.equal(untrue([], { ...none, floors: [floor, floor] }).length, 1);
  });
});
