import { deepEqual, equal } from 'node:assert/strict';
import type { Journal } from '../journal/index.js';
import { checkFanouts } from './fanouts.js';
import { checkLoss } from './loss.js';
import { delivered, evidence, journal, NEW, OLD, request, wire } from './planted.js';

const options = { queueOf: (server: string) => `orders.server.${server}` };
const sender = journal(
  'client-1.1',
  NEW,
  [10, { kind: 'sent', reference: 'a', form: 'fanout', method: 'refresh', body: { reference: 'a', depth: 2 } }],
  [11, { kind: 'confirmed', reference: 'a' }],
);
const ran = (process: string): Journal =>
  journal(process, OLD, [20, { kind: 'handling', reference: 'a', method: 'refresh', version: '1.2', body: { reference: 'a' } }]);
const listening = (process: string, from: number) =>
  wire(process, [from, { kind: 'consuming', queue: options.queueOf(process.split('.')[0] ?? '') }]);

describe('check 9, fanouts', () => {
  it('accepts that every server that was there got it, whichever of its incarnations did', () => {
    const found = checkFanouts(
      evidence({
        journals: [sender, ran('server-1.2'), journal('server-1.1', OLD), ran('server-2.1')],
        wires: [listening('server-1.1', 1), listening('server-1.2', 15), listening('server-2.1', 1)],
      }),
      options,
    );
    deepEqual([found.observed, found.violations], [2, []]);
  });

  it('catches a server that never got it, and one that ran it twice', () => {
    equal(
      checkFanouts(evidence({ journals: [sender, journal('server-1.1', OLD)], wires: [listening('server-1.1', 1)] }), options).violations
        .length,
      1,
    );
    equal(
      checkFanouts(evidence({ journals: [sender, ran('server-1.1'), ran('server-1.2')], wires: [listening('server-1.1', 1)] }), options)
        .violations.length,
      1,
    );
  });

  it('asks nothing of a server that came later', () => {
    equal(
      checkFanouts(evidence({ journals: [sender, journal('server-1.1', OLD)], wires: [listening('server-1.1', 15)] }), options).observed,
      0,
    );
  });

  it('catches one that was done and stands on the queue of its server as well, unless the server was killed before it said so', () => {
    const queues = [{ queue: 'orders.parked.server-1', messages: [{ reference: 'a', headers: {} }] }];
    const before = [
      [1, { kind: 'consuming', queue: 'orders.server.server-1' }],
      [19, delivered('orders.server.server-1', request('a', 'refresh@1.2'))],
    ] as const;
    const run = (end: Parameters<typeof wire>[1][1]) =>
      checkFanouts(evidence({ journals: [sender, ran('server-1.1')], wires: [wire('server-1.1', ...before, [22, end])], queues }), options);
    equal(run({ kind: 'acked', tags: [1] }).violations.length, 1);
    equal(run({ kind: 'lost', by: 'process', clean: false }).violations.length, 0);
  });

  it('accepts one that stands on a queue for its server', () => {
    const queues = [{ queue: 'orders.parked.server-1', messages: [{ reference: 'a', headers: {} }] }];
    equal(
      checkFanouts(evidence({ journals: [sender, journal('server-1.1', OLD)], wires: [listening('server-1.1', 1)], queues }), options)
        .violations.length,
      0,
    );
    const others = [{ queue: 'orders.parked.server-2', messages: [{ reference: 'a', headers: {} }] }];
    equal(
      checkFanouts(
        evidence({ journals: [sender, journal('server-1.1', OLD)], wires: [listening('server-1.1', 1)], queues: others }),
        options,
      ).violations.length,
      1,
    );
  });
});

describe('check 2, loss', () => {
  it('accepts what is declared to be lost, and catches what is not, or what was not lost', () => {
    const run = evidence({ journals: [sender, ran('server-1.1')] });
    deepEqual(checkLoss(run, { expected: () => ({ reference: 'a' }) }), { invariant: '2 loss', observed: 1, violations: [] });
    equal(checkLoss(run, { expected: ({ body }) => body }).violations.length, 1);
  });
});
