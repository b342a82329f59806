import { deepEqual, equal } from 'node:assert/strict';
import { delivered, evidence, HIGH, journal, NEW, OLD, request, wire } from './planted.js';
import { checkWindow } from './window.js';

describe('check 1, windows', () => {
  it('accepts what a build reads, on the wire, in the parser and in the handler', () => {
    const found = checkWindow(
      evidence({
        journals: [
          journal(
            'server-1.1',
            NEW,
            [2, { kind: 'decoded', reference: 'a' }],
            [3, { kind: 'handling', reference: 'a', method: 'place', version: '1.4', body: {} }],
          ),
        ],
        wires: [wire('server-1.1', [1, delivered('orders@1.4', request('a', 'place@1.4'))])],
      }),
    );
    deepEqual([found.observed, found.violations], [1, []]);
  });

  it('catches a handler that ran at a newer or an older version', () => {
    const handling = (version: string) => ({ kind: 'handling', reference: 'a', method: 'place', version, body: {} }) as const;
    equal(checkWindow(evidence({ journals: [journal('server-1.1', OLD, [1, handling('1.4')])] })).violations.length, 1);
    equal(checkWindow(evidence({ journals: [journal('server-1.1', HIGH, [1, handling('1.2')])] })).violations.length, 1);
  });

  it('compares minors as numbers', () => {
    const window = { floor: '1.2', version: '1.10' };
    const handling = { kind: 'handling', reference: 'a', method: 'place', version: '1.9', body: {} } as const;
    equal(checkWindow(evidence({ journals: [journal('server-1.1', window, [1, handling])] })).violations.length, 0);
  });

  it('catches a delivery from a lane that the build does not read', () => {
    const wires = [wire('server-1.1', [1, delivered('orders@1.4', request('a', 'place@1.4'))])];
    equal(checkWindow(evidence({ journals: [journal('server-1.1', OLD)], wires })).violations.length, 1);
  });

  it('catches a body that was parsed although it came at a version that the build does not read', () => {
    const wires = [wire('server-1.1', [1, delivered('orders.server.server-1', request('a', 'refresh@1.4'))])];
    equal(
      checkWindow(evidence({ journals: [journal('server-1.1', OLD, [2, { kind: 'decoded', reference: 'a' }])], wires })).violations.length,
      1,
    );
  });

  it('accepts a body that was parsed after it had come again at a version that the build reads', () => {
    const wires = [
      wire(
        'server-1.1',
        [1, delivered('orders.server.server-1', request('a', 'refresh@1.4'))],
        [3, delivered('orders.server.server-1', request('a', 'refresh@1.2'), { tag: 2 })],
      ),
    ];
    equal(
      checkWindow(evidence({ journals: [journal('server-1.1', OLD, [4, { kind: 'decoded', reference: 'a' }])], wires })).violations.length,
      0,
    );
    equal(
      checkWindow(evidence({ journals: [journal('server-1.1', OLD, [2, { kind: 'decoded', reference: 'a' }])], wires })).violations.length,
      1,
    );
  });

  it('catches an answer that its reader should not have parsed', () => {
    const answer = { exchange: '', key: 'reply', type: 'ok@1.4', correlation: 'a', reference: 'a' };
    const wires = [wire('client-1.1', [1, delivered('amq.rabbitmq.reply-to', answer)])];
    equal(
      checkWindow(evidence({ journals: [journal('client-1.1', OLD, [2, { kind: 'decoded', reference: 'a' }])], wires })).violations.length,
      1,
    );
  });
});
