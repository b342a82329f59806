import { deepEqual, equal } from 'node:assert/strict';
import type { Failed } from '../journal/index.js';
import type { WireJournal } from '../proxy/index.js';
import { checkOutcomes } from './outcomes.js';
import { delivered, evidence, journal, NEW, request, wire } from './planted.js';

const message = request('a', 'ship@1.2');
const sent = (form: 'call' | 'cast') => ({ kind: 'sent', reference: 'a', form, method: 'ship', body: {} }) as const;
const confirmed = { kind: 'confirmed', reference: 'a' } as const;
const answered = { kind: 'answered', reference: 'a', body: {} } as const;
const failed = (code?: string): Omit<Failed, 'at'> => ({ kind: 'failed', reference: 'a', text: '', ...(code !== undefined && { code }) });
const handling = { kind: 'handling', reference: 'a', method: 'ship', version: '1.2', body: {} } as const;
const handled = { kind: 'handled', reference: 'a', method: 'ship', outcome: 'returned' } as const;
const stopped = { kind: 'stopped' } as const;
const caster = journal('client-1.1', NEW, [1, sent('cast')], [2, confirmed], [90, stopped]);
const handler = journal('server-1.1', NEW, [4, handling], [5, handled]);
const acked = wire('server-1.1', [3, delivered('orders@1.2', message)], [6, { kind: 'acked', tags: [1] }]);
const standing = (queue: string, headers = {}) => ({ queue, messages: [{ id: 'a', reference: 'a', headers }] });

describe('check 6, outcomes', () => {
  it('accepts a cast that was handled, or that stands on a queue', () => {
    deepEqual(checkOutcomes(evidence({ journals: [caster, handler], wires: [acked] })).violations, []);
    deepEqual(checkOutcomes(evidence({ journals: [caster], queues: [standing('orders@1.4')] })).violations, []);
  });

  it('catches a confirmed cast that is gone', () => {
    equal(checkOutcomes(evidence({ journals: [caster] })).violations.length, 1);
  });

  it('catches a cast that was acknowledged before it was done', () => {
    const early = wire('server-1.1', [3, delivered('orders@1.2', message)], [4, { kind: 'acked', tags: [1] }]);
    equal(checkOutcomes(evidence({ journals: [caster, journal('server-1.1', NEW, [4, handling])], wires: [early] })).violations.length, 1);
  });

  it('catches a cast that was handled and stands on a queue as well', () => {
    equal(checkOutcomes(evidence({ journals: [caster, handler], wires: [acked], queues: [standing('orders@1.4')] })).violations.length, 1);
  });

  it('accepts it among the dead letters when the connection broke right after the acknowledgement', () => {
    const broken = wire(
      'server-1.1',
      [3, delivered('orders@1.2', message)],
      [6, { kind: 'acked', tags: [1] }],
      [7, { kind: 'lost', by: 'fault', clean: false }],
    );
    const dead = standing('orders.dead', { 'lynchpin-reason': 'MAYBE_EXECUTED' });
    equal(checkOutcomes(evidence({ journals: [caster, handler], wires: [broken], queues: [dead] })).violations.length, 0);
    equal(checkOutcomes(evidence({ journals: [caster, handler], wires: [acked], queues: [dead] })).violations.length, 1);
  });

  it('accepts a second copy of what was published again over a new connection, and no third', () => {
    const published = { kind: 'published', message } as const;
    const again: WireJournal = {
      process: 'client-1.1',
      entries: [1, 2].map((connection) => ({ at: connection, connection, channel: 1, ...published })),
    };
    const once = wire('client-1.1', [1, published]);
    equal(
      checkOutcomes(evidence({ journals: [caster, handler], wires: [acked, again], queues: [standing('orders@1.4')] })).violations.length,
      0,
    );
    equal(
      checkOutcomes(evidence({ journals: [caster, handler], wires: [acked, once], queues: [standing('orders@1.4')] })).violations.length,
      1,
    );
    equal(
      checkOutcomes(
        evidence({ journals: [caster, handler], wires: [acked, again], queues: [standing('orders@1.4'), standing('orders@1.2')] }),
      ).violations.length,
      1,
    );
  });

  it('does not take the acknowledgement of a second delivery for that of the first', () => {
    const lost = wire(
      'server-1.1',
      [3, delivered('orders@1.2', message)],
      [6, { kind: 'lost', by: 'broker', clean: false }],
      [7, delivered('orders@1.2', message, { redelivered: true })],
      [8, { kind: 'acked', tags: [1] }],
    );
    equal(checkOutcomes(evidence({ journals: [caster, handler], wires: [lost], queues: [standing('orders.dead')] })).violations.length, 0);
    equal(checkOutcomes(evidence({ journals: [caster, handler], wires: [lost] })).violations.length, 1);
  });

  it('catches what ran twice, unless its method may', () => {
    const again = journal('server-2.1', NEW, [14, handling], [15, handled]);
    const twice = evidence({ journals: [caster, handler, again], wires: [acked] });
    equal(checkOutcomes(twice).violations.length, 1);
    equal(checkOutcomes(twice, { idempotent: new Set(['ship']) }).violations.length, 0);
  });

  it('accepts a call that was answered by a handler, or failed with a code', () => {
    equal(
      checkOutcomes(evidence({ journals: [journal('client-1.1', NEW, [1, sent('call')], [9, answered]), handler], wires: [acked] }))
        .violations.length,
      0,
    );
    equal(
      checkOutcomes(evidence({ journals: [journal('client-1.1', NEW, [1, sent('call')], [9, failed('NO_SERVER')])] })).violations.length,
      0,
    );
  });

  it('catches a call with no outcome, with two, with an untyped error, or answered out of nothing', () => {
    equal(checkOutcomes(evidence({ journals: [journal('client-1.1', NEW, [1, sent('call')], [90, stopped])] })).violations.length, 1);
    equal(
      checkOutcomes(
        evidence({
          journals: [journal('client-1.1', NEW, [1, sent('call')], [8, answered], [9, failed('TIMEOUT')]), handler],
          wires: [acked],
        }),
      ).violations.length,
      1,
    );
    equal(checkOutcomes(evidence({ journals: [journal('client-1.1', NEW, [1, sent('call')], [9, failed()])] })).violations.length, 1);
    equal(checkOutcomes(evidence({ journals: [journal('client-1.1', NEW, [1, sent('call')], [9, answered])] })).violations.length, 1);
  });

  it('catches a call that failed with a code that says it never ran, and ran', () => {
    equal(
      checkOutcomes(evidence({ journals: [journal('client-1.1', NEW, [1, sent('call')], [9, failed('PINNED')]), handler], wires: [acked] }))
        .violations.length,
      1,
    );
  });

  it('claims nothing about what a killed sender never heard of', () => {
    equal(checkOutcomes(evidence({ journals: [journal('client-1.1', NEW, [1, sent('cast')])] })).violations.length, 0);
  });
});
