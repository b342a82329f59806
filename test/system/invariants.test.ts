import { deepEqual, equal, ok } from 'node:assert/strict';
import type { Failed, Sent } from '../harness/journal/index.js';
import { rollingPlan, runSeed } from '../harness/plan/index.js';
import { perform, type Stage } from '../harness/stage/index.js';
import { type RabbitNode, type SharedRabbit, sharedRabbit, startRabbit } from '../support/rabbitmq/index.js';
import { type Invariant, planOf, play, type Run } from './scenario.js';

const DAY = 86_400_000;
const servers = { 'server-1': 'A', 'server-2': 'A', 'server-3': 'A' } as const;
const clients = { 'client-a': 'A', 'client-b': 'B' } as const;
const until = { 'client-b': '1.4' };
const mix = ['place', 'ship', 'directed', 'place', 'audit', 'place', 'ship', 'directed', 'place', 'refresh'] as const;

/** Up, back and up again, with nothing else going on. */
function calm(broker: SharedRabbit): Promise<Run> {
  const plan = rollingPlan(runSeed(), {
    servers: Object.keys(servers),
    from: 'A',
    passes: ['B', 'A', 'B'],
    pinned: { name: 'client-b', at: { A: '1.2', B: '1.4' } },
    rest: [30, 90],
  });
  // Few handlers, so that what a server cannot read after the roll-back could fill its hands.
  return play({ broker: unbreakable(broker), servers, clients, plan, until, mix, settings: { concurrency: 10 } });
}

/** The same, while other servers are killed, frozen and cut off, and the broker restarts. */
function troubled(broker: RabbitNode): Promise<Run> {
  const plan = rollingPlan(runSeed(), {
    servers: Object.keys(servers),
    from: 'A',
    passes: ['B', 'A', 'B'],
    faults: ['kill', 'freeze', 'cut', 'stall', 'half-open', 'delay', 'clock'],
    probability: 0.6,
    brokerRestarts: 1,
    rest: [20, 60],
  });
  return play({ broker, servers, clients, plan, until, mix });
}

/** Two releases side by side for longer than the quiet time, through a freeze, a cut and a restart of the broker. */
function halfway(broker: RabbitNode): Promise<Run> {
  const script = async (stage: Stage): Promise<void> => {
    const { child } = stage.part('client-b');
    await Promise.all(Array.from({ length: 200 }, () => child.ask('one', { kind: 'split' })));
    for (const kind of ['merge', 'gift']) await child.ask('one', { kind });
    const rest = { do: 'rest', messages: 30 } as const;
    const longerThanSettle = { do: 'rest', messages: 100_000 } as const;
    for (const action of [{ do: 'freeze', name: 'old' }, longerThanSettle, { do: 'thaw', name: 'old' }, rest] as const)
      await perform(stage, action);
    for (const action of [{ do: 'cut', name: 'client-b' }, rest] as const) await perform(stage, action);
    for (const action of [{ do: 'refuse', name: 'old' }, { do: 'restart-broker' }, rest, { do: 'mend', name: 'old' }] as const)
      await perform(stage, action);
    await child.ask('counted', 2);
    await perform(stage, rest);
    await perform(stage, { do: 'kill', name: 'old' });
  };
  return play({
    broker,
    servers: { old: 'A', young: 'B' },
    clients: { 'client-b': 'B' },
    plan: planOf(),
    finish: script,
    until,
    settle: 1_500,
    mix: ['place', 'ship', 'refresh', 'audit'],
  });
}

/** A replacement during which the wall clock of every process is moved by a day, forward and back. */
function timeless(broker: SharedRabbit): Promise<Run> {
  const move = (stage: Stage, by: number): Promise<unknown> =>
    Promise.all(
      stage.parts
        .filter(({ child }) => child.running)
        .map(({ options: { name } }, index) => perform(stage, { do: 'clock', name, by: index % 2 === 0 ? by : -by })),
    );
  const script = async (stage: Stage): Promise<void> => {
    await move(stage, DAY);
    for (const name of ['server-1', 'server-2']) {
      await perform(stage, { do: 'stop', name });
      await perform(stage, { do: 'start', name, release: 'B' });
      await move(stage, -DAY);
      await perform(stage, { do: 'rest', messages: 30 });
    }
    await move(stage, DAY);
  };
  return play({
    broker: unbreakable(broker),
    servers: { 'server-1': 'A', 'server-2': 'A' },
    clients,
    plan: planOf(),
    finish: script,
    until,
    // More work than handlers: a server that leaves has some in hand that it never started.
    parallel: 10,
    settings: { concurrency: 3, busy: 20 },
    mix,
  });
}

function unbreakable({ url }: SharedRabbit): { readonly url: string; restart(): Promise<void> } {
  return { url, restart: () => Promise.reject(new Error('this broker is shared')) };
}

describe('what must always hold, with real processes on a real broker', function () {
  this.timeout(180_000);
  const runs: Partial<Record<'calm' | 'troubled' | 'halfway' | 'timeless', Run | Error>> = {};
  let own: RabbitNode;

  before(async function () {
    const shared = await sharedRabbit(this);
    own = await startRabbit({ prefix: 'system' });
    const settle = async (name: keyof typeof runs, run: Promise<Run>): Promise<void> => {
      runs[name] = await run.catch((error: unknown) => error as Error);
    };
    // Two at a time: most of a run is waiting.
    await Promise.all([
      settle('calm', calm(shared)).then(() => settle('timeless', timeless(shared))),
      settle('halfway', halfway(own)).then(() => settle('troubled', troubled(own))),
    ]);
  });
  let failed = false;
  afterEach(function () {
    failed ||= this.currentTest?.state === 'failed';
  });
  after(async () => {
    await own?.stop();
    // The journals of a failure are what explains it.
    if (!failed) for (const result of Object.values(runs)) if (!(result instanceof Error)) result.discard();
  });

  function run(name: keyof typeof runs): Run {
    const result = runs[name];
    if (result === undefined || result instanceof Error) throw result ?? new Error(`${name} was not played`);
    return result;
  }

  function holds(name: keyof typeof runs, facts: Readonly<Partial<Record<Invariant, string>>>): void {
    for (const [invariant, fact] of Object.entries(facts)) it(fact, () => run(name).assert(invariant as Invariant));
  }
  const always = {
    window: '1: no handler runs and nothing is decoded outside the window of a build',
    loss: '2: what a handler gets is what was sent, less what is declared to be lost',
    acceptance: '3: a receiver accepts everything that its build can read, whatever its pin',
    outcomes: '6: every confirmed message is handled, stands on a queue, or failed with a typed error',
    redelivery: '7: a redelivery comes from a broken connection and from nothing else',
    replies: '8: no answer exceeds what its request accepts, and no caller waits past its deadline',
    fanouts: '9: every server gets each fanout once',
  };

  describe('servers replaced one by one, up, back and up again:', () => {
    holds('calm', {
      ...always,
      pins: '4: a pin rises only after a quiet time in which every server reads the version',
      release: '12: a release comes within settle and three seconds after the last old server left',
    });

    it('no call fails, nothing is given up for dead', () => {
      const { evidence } = run('calm');
      deepEqual(
        evidence.journals.flatMap(({ entries }) => entries.filter(({ kind }) => kind === 'failed')),
        [],
      );
      deepEqual(
        evidence.queues.filter(({ queue, messages }) => messages.length > 0 && /\.(dead|parked\..*)$/.test(queue)),
        [],
      );
    });

    it('the pin moves up, back and up again, and nowhere else', () => {
      const pins = run('calm')
        .evidence.journals.find(({ name }) => name === 'client-b')
        ?.entries.flatMap((entry) => (entry.kind === 'pin' ? [entry.version] : []));
      deepEqual(
        pins?.filter((version, index) => version !== pins[index - 1]),
        ['1.2', '1.4', '1.2', '1.4'],
      );
    });
  });

  describe('the same, while servers are killed, frozen and cut off, and the broker restarts:', () => {
    holds('troubled', { ...always, pins: '4, 5: no fault raises a pin' });
  });

  describe('two releases side by side, through a freeze, a cut and a restart of the broker:', () => {
    holds('halfway', {
      pins: '4, 5: the pin stays until the old server has been gone for the quiet time',
      release: '12: an old server that is killed stops blocking at once',
    });

    it('an early method that only the new servers have never fails', () => {
      const sent = sentBy(run('halfway'), 'split');
      equal(sent.length, 200);
      deepEqual(failuresOf(run('halfway'), sent), []);
    });

    it('what cannot be expressed at the pin fails before anything is sent', () => {
      const { evidence } = run('halfway');
      const references = [
        ...sentBy(run('halfway'), 'merge'),
        ...evidence.journals
          .flatMap(({ entries }) =>
            entries.filter((entry): entry is Sent => entry.kind === 'sent' && (entry.body as { gift?: boolean }).gift === true),
          )
          .map(({ reference }) => reference),
      ];
      deepEqual(
        failuresOf(run('halfway'), references).map(({ code }) => code),
        ['PINNED', 'PINNED'],
      );
      const published = evidence.wires.flatMap(({ entries }) =>
        entries.flatMap((entry) => (entry.kind === 'published' ? [entry.message.reference] : [])),
      );
      ok(references.every((reference) => !published.includes(reference)));
    });
  });

  describe('13: clocks that are moved by a day change nothing:', () => {
    holds('timeless', {
      ...always,
      pins: '4: a pin rises only after a quiet time in which every server reads the version',
      release: '12: a release comes in time',
    });

    it('no call fails', () => {
      deepEqual(
        run('timeless').evidence.journals.flatMap(({ entries }) => entries.filter(({ kind }) => kind === 'failed')),
        [],
      );
    });
  });
});

function sentBy({ evidence }: Run, method: string): string[] {
  return evidence.journals.flatMap(({ entries }) =>
    entries.flatMap((entry) => (entry.kind === 'sent' && entry.method === method ? [entry.reference] : [])),
  );
}

function failuresOf({ evidence }: Run, references: readonly string[]): Failed[] {
  return evidence.journals.flatMap(({ entries }) =>
    entries.filter((entry): entry is Failed => entry.kind === 'failed' && references.includes(entry.reference)),
  );
}
