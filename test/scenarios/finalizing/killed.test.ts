import assert from 'node:assert/strict';
import { namesOf } from '#lynchpin/broker/index.js';
import { floorOf, type Entry, type TopicLedger } from '#lynchpin/pin/index.js';
import type { Version } from '#lynchpin/versions/index.js';
import type { Mutation } from '../../harness/mutation/index.js';
import { sharedRabbit } from '../../support/rabbitmq/index.js';
import type { Orders } from './program.js';
import { FinalizingStage, look, type Actor } from './stage.js';

/** A finalizer that is killed, the process that dies while it finalizes, and the ledger of it all. */
interface Play {
  readonly called: string;
  readonly killBehind?: Orders['killBehind'];
  /** Whether somebody who must acknowledge dies instead. */
  readonly dies?: boolean;
}

const PLAYS: readonly Play[] = [
  { called: 'nothing' },
  { called: 'the prepare', killBehind: { kind: 'prepare', nth: 1 } },
  { called: 'the first acknowledgement', killBehind: { kind: 'ack', nth: 1 } },
  { called: 'the last acknowledgement', killBehind: { kind: 'ack', nth: 2 } },
  { called: 'the record', killBehind: { kind: 'finalize', nth: 1 } },
  { called: 'nothing, while a member dies', dies: true },
  { called: 'the expiry of a member that dies', killBehind: { kind: 'expire', nth: 1 }, dies: true },
];

/** A process that never acknowledges, and one that leaves to others what a finalizer has left. */
const NEVER_ACKNOWLEDGES: Mutation = {
  file: 'dist/pin/membership.js',
  find: 'if (this.#acking !== undefined)',
  replace: 'if (true)',
};
const NO_STEWARD: Mutation = {
  file: 'dist/fleet/finalizing/steward.js',
  find: 'if (prepared !== undefined)\n            this.#watch(prepared);',
  replace: '',
};
/** The longest that a steward leaves a finalization alone, in ms. */
const PATIENCE = 10_000;

describe('a finalizer that is killed on RabbitMQ', () => {
  let stage: FinalizingStage;
  let namespace: () => string;
  before(async function () {
    const rabbit = await sharedRabbit(this);
    ({ namespace } = rabbit);
    stage = await FinalizingStage.open(rabbit.url);
  });
  after(() => stage.close());

  it('behind any record leaves the same final state, and without stewards it does not', async function () {
    this.timeout(120_000);
    const plays = PLAYS.map((play) => ({ ...play, namespace: namespace() }));
    const left = namespace();
    const all = plays.map((play) => play.namespace);
    const servers = ['volume-1', 'volume-2'].map((name) => stage.actor({ namespaces: all, name, release: 'new' }));
    const idle = stage.actor({ namespaces: [left], name: 'volume-1', release: 'new' }, [NO_STEWARD]);
    await Promise.all([...servers, idle].map((server) => server.ready()));

    const finished = plays.map(async ({ called, killBehind, dies, namespace: its }): Promise<unknown> => {
      const ledger = await stage.ledger(its);
      const mortal = dies === true ? stage.actor({ namespaces: [its], name: 'volume-3', release: 'new' }, [NEVER_ACKNOWLEDGES]) : undefined;
      await mortal?.ready();
      if (mortal !== undefined) void dieBehindPrepare(ledger, mortal);
      const finalizer = stage.actor({
        namespaces: [its],
        name: 'ada',
        release: 'neither',
        ...(killBehind === undefined ? {} : { killBehind }),
      });
      const outcome = await finalizer.ask({ do: 'finalize', version: '3.4', timeout: 60_000 });
      if (killBehind === undefined) assert.deepEqual(outcome, { author: 'ada' }, called);
      else assert.equal(await finalizer.exited, 'SIGKILL', called);
      await look(`it is final although the finalizer was killed behind ${called}`, () => floorOf(ledger.state) !== undefined);
      return shape(ledger);
    });

    const unfinished = (async () => {
      const ledger = await stage.ledger(left);
      const killBehind = { kind: 'prepare', nth: 1 } as const;
      const finalizer = stage.actor({ namespaces: [left], name: 'ada', release: 'neither', killBehind });
      await finalizer.ask({ do: 'finalize', version: '3.4', timeout: 60_000 });
      await new Promise((resolve) => setTimeout(resolve, PATIENCE + 2_000));
      assert.equal(ledger.state.prepared?.version, '3.4', 'nobody has finished or given it up');
      assert.equal(floorOf(ledger.state), undefined);
    })();

    const shapes = await Promise.all(finished);
    await unfinished;
    for (const [at, { called }] of plays.entries()) assert.deepEqual(shapes[at], shapes[0], `killed behind ${called}`);
    assert.deepEqual(shapes[0], { final: [['3.4', 'ada', 'the column goes']], prepared: undefined, members: ['volume-1', 'volume-2'] });
    for (const { namespace: its } of plays) {
      const count = await stage.broker.count(namesOf('volume', its).roll);
      assert.equal(count.known && count.consumers, 2);
    }
  });
});

describe('two finalizers at once on RabbitMQ', () => {
  let stage: FinalizingStage;
  let namespace: () => string;
  before(async function () {
    const rabbit = await sharedRabbit(this);
    ({ namespace } = rabbit);
    stage = await FinalizingStage.open(rabbit.url);
  });
  after(() => stage.close());

  it('come to one outcome, for one version and for two', async function () {
    this.timeout(60_000);
    const versions: readonly (readonly [Version, Version])[] = [
      ['3.4', '3.4'],
      ['3.4', '3.4'],
      ['3.3', '3.4'],
      ['3.4', '3.3'],
    ];
    const all = versions.map(() => namespace());
    for (const name of ['volume-1', 'volume-2']) await stage.actor({ namespaces: all, name, release: 'new' }).ready();
    const [ada, grace] = ['ada', 'grace'].map((name) => stage.actor({ namespaces: all, name, release: 'neither' })) as [Actor, Actor];
    await Promise.all([ada.ready(), grace.ready()]);
    const told = await Promise.all(
      versions.map(([one, two], at) =>
        Promise.all([
          ada.ask({ do: 'finalize', version: one, timeout: 20_000, at }),
          grace.ask({ do: 'finalize', version: two, timeout: 20_000, at }),
        ]),
      ),
    );
    for (const [at, its] of all.entries()) {
      const ledger = await stage.ledger(its);
      await look('it is final', () => floorOf(ledger.state) !== undefined);
      const wanted = versions[at] as readonly [Version, Version];
      const final = ledger.state.floors.map(({ version, author }) => ({ version, author }));
      for (const [who, answer] of (told[at] ?? assert.fail()).entries()) {
        const known = final.find(({ version }) => version === wanted[who]);
        assert.ok(answer !== undefined);
        if ('author' in answer) assert.equal(answer.author, known?.author, 'who is told that it is final is told by whom');
        else assert.deepEqual([answer.code, known], ['NOT_FINAL', undefined]);
      }
      if (wanted[0] === wanted[1]) assert.equal(final.length, 1);
      assert.equal(ledger.state.prepared, undefined);
    }
  });
});

/** Ends a process once it is asked to acknowledge, before it has. */
function dieBehindPrepare(ledger: TopicLedger, mortal: Actor): Promise<void> {
  return new Promise((resolve) => {
    const stop = ledger.watch((_state, { kind }: { readonly kind: Entry['kind'] | 'foreign' | 'newer' }) => {
      if (kind !== 'prepare') return;
      stop();
      resolve(mortal.kill());
    });
  });
}

/** What a ledger comes to, without what is different each time. */
function shape({ state }: TopicLedger): unknown {
  return {
    final: state.floors.map(({ version, author, reason }) => [version, author, reason]),
    prepared: state.prepared,
    members: state.members.map(({ author }) => author).sort(),
  };
}
