import { deepEqual, equal, notDeepEqual, ok } from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { namesOf, openBroker, type Broker } from '#lynchpin/broker/index.js';
import type { Failed, Handling, Sent } from '../harness/journal/index.js';
import type { Mutation } from '../harness/mutation/index.js';
import { perform, type Stage } from '../harness/stage/index.js';
import { type SharedRabbit, sharedRabbit } from '../support/rabbitmq/index.js';
import { planOf, play, type Run } from '../system/scenario.js';

const CASTS = 5_000;
/** Eight in ten may run once only, one may run again, and one is of a method that older servers do not know. */
const mix = ['ship', 'ship', 'ship', 'ship', 'audit', 'ship', 'ship', 'ship', 'ship', 'insure'] as const;
const servers = { 'server-1': 'B', 'server-2': 'B' } as const;
const CALLS = 20;
const GIFTS = 5;

const MAIN = fileURLToPath(new URL('../../../dist/cli/main.js', import.meta.url));
const CONTRACTS = fileURLToPath(new URL('../system/releases/b/contract.js', import.meta.url));

describe(`a roll-back with ${CASTS} casts of the new version queued and no server left that reads it`, function () {
  this.timeout(150_000);
  let shared: SharedRabbit;
  let broker: Broker;
  before(async function () {
    shared = await sharedRabbit(this);
    broker = await openBroker(shared.url);
  });
  after(() => broker?.close());

  /** Casts so many times while nobody is there, deploys the old release, and waits until nothing is left to do. */
  function rollBack(
    casts: number,
    byWhom: 'clients' | 'operator',
    mutations: readonly Mutation[] = [],
    enough: (left: number) => boolean = (left) => left === 0,
  ): Promise<Run> {
    const script = async (stage: Stage): Promise<void> => {
      const { child, assignment } = stage.part('client-b');
      const namespace = String(assignment.settings['namespace']);
      const names = namesOf('orders', namespace);
      await child.told('pin', ({ version }) => version === '1.4');
      await child.ask('quiet');
      await Promise.all(Object.keys(servers).map((name) => perform(stage, { do: 'stop', name })));
      await child.ask('load', { parallel: 50 });
      await child.ask('after', { messages: casts, patience: 60_000 });
      await child.ask('quiet');
      // Those that are lost would be waited for until their deadline.
      const calls = byWhom === 'clients' && mutations.length === 0 ? [...Array(CALLS).fill('place'), ...Array(GIFTS).fill('gift')] : [];
      const called = Promise.all(calls.map((kind: string) => child.ask('one', { kind })));
      if (byWhom === 'operator') await child.terminate();
      await Promise.all(Object.keys(servers).map((name) => perform(stage, { do: 'start', name, release: 'A' })));
      if (byWhom === 'operator') await rescue(namespace);
      else await child.told('pin', ({ version }) => version === '1.2', 30_000);
      await called;
      const begun = performance.now();
      for (let left = Infinity; !enough(left); await pause(50)) {
        left = await waiting(names.lane('1.4'), names.lane('1.2'));
        if (performance.now() - begun > 60_000) throw new Error(`${left} messages still wait`);
      }
    };
    return play({
      broker: { url: shared.url, restart: () => Promise.reject(new Error('this broker is shared')) },
      servers,
      clients: { 'client-b': 'B' },
      plan: planOf(),
      finish: script,
      settle: 500,
      mix,
      settings: { busy: 0, timeout: 60_000 },
      mutations: { 'client B': mutations },
    });
  }

  /** `lynchpin rescue`, from the package of the newer release. */
  async function rescue(namespace: string): Promise<void> {
    const where = ['--broker', shared.url, '--namespace', namespace, '--contracts', CONTRACTS];
    await promisify(execFile)(process.execPath, [
      MAIN,
      'rescue',
      'orders',
      ...where,
      '--patience',
      '1s',
      '--reason',
      'rolled back',
      '--yes',
    ]);
  }

  async function waiting(...queues: readonly string[]): Promise<number> {
    const counts = await Promise.all(queues.map((queue) => broker.count(queue)));
    return counts.reduce((sum, count) => sum + (count.known ? count.ready : Infinity), 0);
  }

  for (const [byWhom, how] of [
    ['clients', 'rescued by a client that lives'],
    ['operator', 'rescued with "lynchpin rescue", because no process is left that knows the new version'],
  ] as const) {
    describe(`${how}:`, () => {
      let run: Run | undefined;
      before(async () => {
        run = await rollBack(CASTS, byWhom);
      });
      after(function () {
        if (this.test?.parent?.tests.every(({ state }) => state === 'passed') === true) run?.discard();
      });
      const played = (): Run => run ?? fail();

      it('every cast is handled exactly once, or stands with the dead letters and its reason', () => {
        const sent = entries<Sent>(played(), 'sent').filter(({ form }) => form === 'cast');
        const runs = new Map<string, number>();
        for (const { reference } of entries<Handling>(played(), 'handling')) runs.set(reference, (runs.get(reference) ?? 0) + 1);
        const dead = new Map(
          played()
            .evidence.queues.filter(({ queue }) => queue.endsWith('.dead'))
            .flatMap(({ messages }) => messages.map(({ reference, headers }) => [reference, headers['lynchpin-reason']])),
        );
        ok(sent.length >= CASTS, `${sent.length} casts`);
        const wrong = sent.filter(({ reference }) => (runs.get(reference) ?? 0) + (dead.has(reference) ? 1 : 0) !== 1);
        deepEqual(
          wrong.map(({ reference, method }) => `${reference} (${method}) ran ${runs.get(reference) ?? 0} times`),
          [],
        );
        ok(
          [...dead.values()].every((reason) => typeof reason === 'string' && reason !== ''),
          'each has its reason',
        );
        equal(dead.size, sent.filter(({ method, reference }) => method === 'insure' && !runs.has(reference)).length);
        ok(dead.size >= CASTS / 20, `${dead.size} dead letters`);
      });

      it('nothing else that must hold is broken', () => {
        played().assert('window', 'loss', 'outcomes', 'redelivery');
      });

      if (byWhom === 'clients') {
        it('calls in flight are answered, or get the error that says why not', () => {
          const failed = entries<Failed>(played(), 'failed');
          deepEqual(
            failed.map(({ code }) => code),
            Array(GIFTS).fill('PINNED'),
          );
          played().assert('replies');
        });
      }
    });
  }

  it('is shown to fail: a rescue that acknowledges what it has not passed on loses casts', async () => {
    const mutation = {
      file: 'dist/pin/moving.js',
      find: 'let fate = await broker.publish(verdict.copy, signal);',
      replace: "let fate = 'confirmed';",
    };
    const run = await rollBack(100, 'clients', [mutation]);
    notDeepEqual(run.findings.outcomes.violations, []);
    run.discard();
  });
});

function entries<Wanted extends { readonly kind: string }>({ evidence }: Run, kind: Wanted['kind']): Wanted[] {
  return evidence.journals.flatMap((journal) =>
    (journal.entries as readonly { readonly kind: string }[]).filter((entry): entry is Wanted => entry.kind === kind),
  );
}

function fail(): never {
  throw new Error('was not played');
}
