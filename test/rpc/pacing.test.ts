import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import type { Version } from 'lynchpin';
import { Backoff, pause } from '#lynchpin/rpc/index.js';
import { Desk } from '#lynchpin/rpc/server/desk.js';
import { busiest } from '#lynchpin/rpc/server/lane-prefetch.js';
import { Recent } from '#lynchpin/rpc/server/recent.js';
import type { Work } from '#lynchpin/rpc/server/work.js';
import { UnderWay } from '#lynchpin/rpc/under-way.js';

const SEED = 20_260_120;
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('the latest keys', () => {
  it('are remembered up to a bound, and those used last longest', () => {
    const recent = new Recent(3);
    for (const key of ['a', 'b', 'c']) recent.add(key);
    recent.add('a');
    recent.add('d');
    assert.deepEqual(
      ['a', 'b', 'c', 'd'].map((key) => recent.has(key)),
      [true, false, true, true],
    );
  });

  it('are the last ones added, whatever the order', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom<string>('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'), { maxLength: 40 }),
        fc.integer({ min: 1, max: 6 }),
        (keys, bound) => {
          const recent = new Recent(bound);
          for (const key of keys) recent.add(key);
          const expected = new Set([...new Set([...keys].reverse())].slice(0, bound));
          for (const key of 'abcdefgh') assert.equal(recent.has(key), expected.has(key));
        },
      ),
      { seed: SEED },
    );
  });
});

describe('a desk', () => {
  /** A desk whose handlers end when they are told, and pieces of work told apart by their ids. */
  function desk(concurrency: number) {
    const started: string[] = [];
    const ends = new Map<string, () => void>();
    let most = 0;
    const made: Desk = new Desk(concurrency, (work, done) => {
      started.push(work.id);
      most = Math.max(most, made.running);
      ends.set(work.id, done);
    });
    const end = (id: string): void => ends.get(id)?.();
    return { desk: made, started, end, most: () => most };
  }
  const work = (id: string): Work => ({ id }) as Work;

  it('runs as many as it may at a time, and the others in the order in which they came', () => {
    const { desk: at, started, end, most } = desk(2);
    for (const id of 'abcde') at.take(work(id));
    assert.deepEqual([started.join(''), at.running, at.waiting], ['ab', 2, 3]);
    end('b');
    end('a');
    assert.deepEqual([started.join(''), at.running, at.waiting], ['abcd', 2, 1]);
    for (const id of 'cde') end(id);
    assert.deepEqual([started.join(''), at.running, at.waiting, most()], ['abcde', 0, 0, 2]);
  });

  it('gives back what has not started, and nothing that has', () => {
    const { desk: at, started, end } = desk(1);
    const [first, second, third] = [work('a'), work('b'), work('c')];
    for (const one of [first, second, third]) at.take(one);
    assert.deepEqual([at.withdraw(first), at.withdraw(second), at.withdraw(second)], [false, true, false]);
    end('a');
    assert.equal(started.join(''), 'ac');
  });

  it('starts nothing once it is stopped, and hands over what never started in its order', () => {
    const { desk: at, started, end } = desk(1);
    for (const id of 'abc') at.take(work(id));
    assert.deepEqual(
      at.stop().map(({ id }) => id),
      ['b', 'c'],
    );
    at.take(work('d'));
    end('a');
    assert.equal(started.join(''), 'a');
    assert.deepEqual(
      at.stop().map(({ id }) => id),
      ['d'],
    );
  });

  it('takes thousands in a row that are over as soon as they begin', async () => {
    let begun = 0;
    const first: (() => void)[] = [];
    const at = new Desk(1, (_work, done) => (++begun === 1 ? void first.push(done) : done()));
    for (let count = 0; count < 20_000; count++) at.take(work(String(count)));
    assert.deepEqual([begun, at.waiting], [1, 19_999]);
    first[0]?.();
    assert.deepEqual([begun, at.running, at.waiting], [20_000, 0, 0]);
    await at.idle();
  });

  it('is idle when no handler runs, at once or later', async () => {
    const { desk: at, end } = desk(1);
    await at.idle();
    at.take(work('a'));
    at.take(work('b'));
    let idle = false;
    const waiting = Promise.all([at.idle(), at.idle()]).then(() => (idle = true));
    end('a');
    await turn();
    assert.equal(idle, false);
    end('b');
    await waiting;
  });
});

describe('pauses between attempts', () => {
  it('double up to a bound, each drawn from its upper half, and begin anew after a success', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100 }),
        fc.integer({ min: 1, max: 10_000 }),
        fc.integer({ min: 1, max: 2_000 }),
        (first, most, attempts) => {
          const backoff = new Backoff(first, most);
          for (let attempt = 0; attempt < attempts; attempt++) {
            const whole = Math.min(most, first * 2 ** attempt);
            const next = backoff.next();
            assert.ok(next >= whole / 2 && next <= whole, `${next} after ${attempt} attempts`);
          }
          backoff.reset();
          assert.ok(backoff.next() <= Math.min(most, first));
        },
      ),
      { seed: SEED, numRuns: 20 },
    );
  });

  it('end when their signal fires, without an error', async () => {
    const start = performance.now();
    const patience = new AbortController();
    const waiting = Promise.all([pause(60_000, patience.signal), new Backoff(60_000, 60_000).wait(patience.signal)]);
    patience.abort();
    await waiting;
    await pause(60_000, patience.signal);
    assert.ok(performance.now() - start < 1_000);
  });
});

describe('what is under way', () => {
  it('is settled when the last of it is, however it ended, and is handed on as it was', async () => {
    const underWay = new UnderWay();
    await underWay.settled();
    const ends: { resolve: (value: string) => void; reject: (error: Error) => void }[] = [];
    const begin = (): Promise<string> => underWay.track(new Promise((resolve, reject) => ends.push({ resolve, reject })));
    const [first, second] = [begin(), begin()];
    let settled = false;
    const waiting = underWay.settled().then(() => (settled = true));
    ends[0]?.resolve('done');
    assert.equal(await first, 'done');
    await turn();
    assert.equal(settled, false);
    // What begins meanwhile is waited for as well.
    const third = begin();
    ends[1]?.reject(new Error('not done'));
    await assert.rejects(second, /not done/);
    await turn();
    assert.equal(settled, false);
    ends[2]?.resolve('done too');
    await third;
    await waiting;
  });
});

describe('the lane that gets the large prefetch', () => {
  const traffic = (counts: Readonly<Record<string, number>>) => new Map(Object.entries(counts) as [Version, number][]);

  for (const [what, counts, focus, expected] of [
    ['none while nothing comes', {}, undefined, undefined],
    ['the one with traffic', { '3.0': 0, '3.2': 5 }, undefined, '3.2'],
    ['the busiest at first', { '3.0': 4, '3.2': 5 }, undefined, '3.2'],
    ['the same while nothing comes', {}, '3.2', '3.2'],
    ['the same while nothing but silence comes', { '3.0': 0 }, '3.2', '3.2'],
    ['the same when another has somewhat more', { '3.0': 9, '3.2': 5 }, '3.2', '3.2'],
    ['the same when another has just twice as much', { '3.0': 10, '3.2': 5 }, '3.2', '3.2'],
    ['another that has more than twice as much', { '3.0': 11, '3.2': 5 }, '3.2', '3.0'],
    ['another when its own has dried up', { '3.0': 1 }, '3.2', '3.0'],
    ['the first of two alike', { '3.0': 5, '3.2': 5 }, undefined, '3.0'],
  ] as const)
    it(`is ${what}`, () => assert.equal(busiest(traffic(counts), focus), expected));

  it('is never one that others outdo by far', () => {
    const count = fc.integer({ min: 0, max: 1_000 });
    fc.assert(
      fc.property(
        fc.record({ '3.0': count, '3.1': count, '3.2': count }, { noNullPrototype: true }),
        fc.constantFrom<Version | undefined>('3.0', '3.1', '3.2', undefined),
        (counts, focus) => {
          const chosen = busiest(traffic(counts), focus);
          const most = Math.max(...Object.values(counts));
          if (most === 0) assert.equal(chosen, focus);
          else assert.ok(2 * (counts[chosen as keyof typeof counts] ?? 0) >= most);
        },
      ),
      { seed: SEED },
    );
  });
});
