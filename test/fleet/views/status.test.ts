import assert from 'node:assert/strict';
import { sumOf } from '#lynchpin/fleet/views/facts.js';
import { instancesOf } from '#lynchpin/fleet/views/instances.js';
import { lanesOf } from '#lynchpin/fleet/views/lanes.js';
import { statusOf } from '#lynchpin/fleet/views/status.js';
import { nextLook } from '#lynchpin/fleet/views/watch.js';
import { namesOf } from '#lynchpin/broker/index.js';
import { factsOf, hold, type Told } from './facts.js';
import { mutant } from './mutant.js';

const NEW = '3.0-3.4';
const OLD = '3.0-3.2';
const released = { api: { speaks: NEW, pin: '3.4', state: 'released' } } as const;
const held = { api: { speaks: NEW, pin: '3.2', state: 'held' } } as const;

describe('the status of a fleet', () => {
  const topic = (told: Told) => {
    const [only] = statusOf(factsOf(told)).topics;
    assert.ok(only !== undefined);
    return only;
  };

  it('groups what is alike, and counts those who do not answer by what is known of them', () => {
    const { groups, servers } = topic({
      servers: { 'volume-1': NEW, 'volume-2': NEW },
      absent: {
        'volume-3': { reads: OLD, life: 'here' },
        'volume-4': { reads: OLD, life: 'gone' },
        'volume-5': { reads: OLD, life: 'unknown' },
      },
      clients: held,
    });
    assert.equal(servers, 3);
    assert.deepEqual(
      groups.map(({ role, floor, version, pin, state, names }) => [role, floor, version, pin, state, names.join()]),
      [
        ['server', '3.0', '3.4', undefined, 'serving', 'volume-1,volume-2'],
        ['server', '3.0', '3.2', undefined, 'down', 'volume-4'],
        ['server', '3.0', '3.2', undefined, 'not known', 'volume-5'],
        ['server', '3.0', '3.2', undefined, 'silent', 'volume-3'],
        ['client', '3.0', '3.4', '3.2', 'held', 'api'],
      ],
    );
  });

  it('tells well from held from wrong, and what to look at first', () => {
    const verdicts = (told: Told) => {
      const { verdict, advice } = statusOf(factsOf(told));
      return [verdict, advice.replace(/^.*: /, '')];
    };
    assert.deepEqual(verdicts({ servers: { 'volume-1': NEW }, clients: released }), ['well', 'All is well.']);
    assert.deepEqual(verdicts({ servers: { 'volume-1': OLD }, clients: held }), ['held', 'lynchpin why volume']);
    assert.deepEqual(verdicts({ servers: { 'volume-1': OLD }, clients: held, waiting: { '3.4': 1 } }), ['wrong', 'lynchpin why volume']);
    for (const what of ['dead', 'parked'] as const) {
      const told: Told = { servers: { 'volume-1': NEW }, clients: released, [what]: 2 };
      assert.deepEqual(verdicts(told), ['wrong', 'lynchpin lanes volume'], what);
    }
    assert.equal(statusOf({ ...factsOf({}), topics: [], called: { done: false, why: 'no' } }).verdict, 'wrong');
  });

  it('never shows what is not known as zero', async () => {
    const facts = factsOf({ servers: { 'volume-1': NEW }, clients: released });
    const [only] = facts.topics;
    assert.ok(only !== undefined);
    const unknown = { known: false, reason: 'timeout' } as const;
    const blind = {
      ...facts,
      topics: [{ ...only, roll: unknown, dead: unknown, lanes: new Map([...only.lanes].map(([at]) => [at, unknown])) }],
    };
    const shown = (status: typeof statusOf) =>
      status(blind).topics.map(({ servers, dead, backlog, lanes }) => [servers, dead, backlog, lanes[0]?.ready]);
    assert.deepEqual(shown(statusOf), [Array(4).fill({ unknown: 'timeout' })]);
    const broken = await mutant<{ statusOf: typeof statusOf }>('status.js', [
      'facts.js',
      'count.ready : { unknown: count.reason }',
      'count.ready : 0',
    ]);
    assert.notDeepEqual(shown(broken.statusOf), shown(statusOf));
    assert.deepEqual(sumOf([1, { unknown: 'missing' }, 2]), 3);
    assert.deepEqual(sumOf([1, { unknown: 'down' }]), { unknown: 'down' });
  });

  it('shows every hold, those too that keep nothing', () => {
    const { holds, verdict } = topic({ servers: { 'volume-1': NEW }, clients: released, ledger: { holds: [hold('3.4')] } });
    assert.deepEqual([holds.map(({ author, until }) => [author, until]), verdict], [[['ada', '3.4']], 'well']);
  });
});

describe('the other views', () => {
  it('instances: those that answer, and members that do not, by their process', () => {
    const told: Told = { servers: { 'volume-1': NEW }, absent: { 'volume-3': { reads: OLD, life: 'here' } }, clients: held };
    const views = instancesOf(factsOf(told));
    assert.deepEqual(
      views.map(({ name, attendance, servers, clients }) => [name, attendance, servers[0]?.version, clients[0]?.pin?.version]),
      [
        ['api', 'here', undefined, '3.2'],
        ['volume-1', 'here', '3.4', undefined],
        ['volume-3', 'silent', '3.2', undefined],
      ],
    );
    // Nobody is called silent who was not asked.
    const [, , unasked] = instancesOf(factsOf({ ...told, called: { done: false, why: 'forbidden' } }));
    assert.equal(unasked?.attendance, 'unknown');
  });

  it('lanes: which of them nobody reads, unless nobody is there at all', () => {
    const stranded = (told: Told) =>
      lanesOf(factsOf(told), namesOf('volume'))
        .lanes.filter((lane) => lane.stranded)
        .map(({ version }) => version);
    assert.deepEqual(stranded({ servers: { 'volume-1': OLD }, waiting: { '3.4': 1, '3.1': 1 } }), ['3.4']);
    assert.deepEqual(stranded({ waiting: { '3.4': 1 } }), []);
  });

  it('watch: looks less often where looking takes long', () => {
    assert.deepEqual(
      [nextLook({}, 10), nextLook({}, 900), nextLook({ every: 1 }, 1), nextLook({ every: 10_000 }, 900)],
      [2_000, 3_600, 500, 10_000],
    );
  });
});
