import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type Acknowledgements, Acks } from '#lynchpin/broker/amqp/acks.js';

/** Anything that decides what to acknowledge. */
interface Decider {
  came(tag: number): void;
  done(tag: number): boolean;
  take(): Acknowledgements;
}

/** A delivery comes, the work on one is done (chosen by its place in hand), or it is time to tell the broker. */
type Step = { readonly kind: 'came' } | { readonly kind: 'tell' } | { readonly kind: 'done'; readonly place: number };

const steps = fc.array(
  fc.oneof(
    fc.constant<Step>({ kind: 'came' }),
    fc.constant<Step>({ kind: 'tell' }),
    fc.nat(20).map((place): Step => ({ kind: 'done', place })),
  ),
  { maxLength: 120 },
);

/** Plays the steps against a decider and a broker that is strict about tags; throws at the first violation. */
function play(decider: Decider, plan: readonly Step[]): void {
  let tags = 0;
  const inHand: number[] = [];
  const done = new Set<number>();
  const outstanding = new Set<number>();
  const tell = (): void => {
    const { upTo, singles } = decider.take();
    const told = upTo === undefined ? [] : [...outstanding].filter((tag) => tag <= upTo);
    if (upTo !== undefined) assert.ok(outstanding.has(upTo), `up to ${upTo}, which is not outstanding`);
    for (const tag of [...told, ...singles]) {
      assert.ok(outstanding.delete(tag), `${tag} is acknowledged twice`);
      assert.ok(done.delete(tag), `${tag} is acknowledged and not done`);
    }
    assert.equal(done.size, 0, 'something done is not told');
  };
  for (const step of plan) {
    if (step.kind === 'came') {
      tags += 1;
      decider.came(tags);
      inHand.push(tags);
      outstanding.add(tags);
    } else if (step.kind === 'tell') {
      tell();
    } else {
      const [tag] = inHand.splice(step.place % Math.max(1, inHand.length), 1);
      if (tag === undefined) continue;
      assert.equal(decider.done(tag), true);
      assert.equal(decider.done(tag), false);
      done.add(tag);
    }
  }
  tell();
}

describe('acknowledgements', () => {
  it('cover exactly what is done, whatever the order', () => {
    fc.assert(
      fc.property(steps, (plan) => play(new Acks(), plan)),
      { numRuns: 500 },
    );
  });

  it('say "everything up to" once for a run that is done', () => {
    const acks = new Acks();
    for (let tag = 1; tag <= 5; tag += 1) acks.came(tag);
    for (const tag of [3, 1, 2, 5]) acks.done(tag);
    assert.deepEqual(acks.take(), { upTo: 3, singles: [5] });
    acks.done(4);
    assert.deepEqual(acks.take(), { upTo: undefined, singles: [4] });
  });

  describe('the property above fails for', () => {
    const mutants: Readonly<Record<string, () => Decider>> = {
      'one that tells up to the highest that is done': () => {
        const acks = new Acks();
        return {
          came: (tag) => acks.came(tag),
          done: (tag) => acks.done(tag),
          take: () => {
            const { upTo, singles } = acks.take();
            const all = upTo === undefined ? singles : [upTo, ...singles];
            return { upTo: all.length === 0 ? undefined : Math.max(...all), singles: [] };
          },
        };
      },
      'one that waits for the prefix': () => {
        const acks = new Acks();
        return { came: (tag) => acks.came(tag), done: (tag) => acks.done(tag), take: () => ({ upTo: acks.take().upTo, singles: [] }) };
      },
      'one that tells the same twice': () => {
        const acks = new Acks();
        return {
          came: (tag) => acks.came(tag),
          done: (tag) => acks.done(tag),
          take: () => {
            const told = acks.take();
            return { upTo: told.upTo, singles: told.upTo === undefined ? told.singles : [told.upTo, ...told.singles] };
          },
        };
      },
    };
    for (const [name, mutant] of Object.entries(mutants)) {
      it(name, () => {
        assert.equal(
          fc.check(
            fc.property(steps, (plan) => play(mutant(), plan)),
            { numRuns: 500 },
          ).failed,
          true,
        );
      });
    }
  });
});
