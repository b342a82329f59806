import { equal } from 'node:assert/strict';
import { delivered, evidence, journal, NEW, OLD, request, wire } from './planted.js';
import { checkRedelivery } from './redelivery.js';

const message = request('a', 'ship@1.2');
const journals = [journal('server-1.1', NEW), journal('server-2.1', OLD)];

describe('check 7, redelivery', () => {
  const consuming = { kind: 'consuming', queue: 'orders@1.2' } as const;
  const broken = { kind: 'lost', by: 'process', clean: false } as const;
  const client = wire('client-1.1', [1, { kind: 'published', message }]);

  it('accepts a redelivery after a connection broke by which the queue was consumed', () => {
    const again = wire('server-2.1', [5, delivered('orders@1.2', message, { redelivered: true })], [6, { kind: 'acked', tags: [1] }]);
    const seen = wire('server-1.1', [0, consuming], [3, delivered('orders@1.2', message)], [4, broken]);
    const unseen = wire('server-1.1', [0, consuming], [4, broken]);
    equal(checkRedelivery(evidence({ journals, wires: [client, seen, again] })).violations.length, 0);
    equal(checkRedelivery(evidence({ journals, wires: [client, unseen, again] })).violations.length, 0);
  });

  it('catches a redelivery when another queue was consumed, or when it broke before or after', () => {
    const again = wire('server-2.1', [5, delivered('orders@1.2', message, { redelivered: true })], [6, { kind: 'acked', tags: [1] }]);
    for (const other of [
      wire('server-1.1', [0, { kind: 'consuming', queue: 'orders@1.3' }], [4, broken]),
      wire('server-1.1', [-3_000, consuming], [-2_000, broken]),
      wire('server-1.1', [0, consuming], [1_000, broken]),
    ]) {
      equal(checkRedelivery(evidence({ journals, wires: [client, other, again] })).violations.length, 1);
    }
  });

  it('catches a redelivery that no broken connection explains', () => {
    const { violations } = checkRedelivery(
      evidence({
        journals,
        wires: [
          wire('server-1.1', [1, delivered('orders@1.2', message)], [2, { kind: 'acked', tags: [1] }]),
          wire('server-2.1', [3, delivered('orders@1.2', message, { redelivered: true })], [4, { kind: 'acked', tags: [1] }]),
        ],
      }),
    );
    equal(violations.length, 1);
  });

  it('catches work that is put back with a nack', () => {
    const { violations } = checkRedelivery(
      evidence({ journals, wires: [wire('server-1.1', [1, delivered('orders@1.2', message)], [2, { kind: 'requeued', tags: [1] }])] }),
    );
    equal(violations.length, 1);
  });

  it('catches a server that leaves in good order with work in hand', () => {
    for (const end of [
      { kind: 'lost', by: 'process', clean: true },
      { kind: 'channel-closed', by: 'process', text: '' },
      { kind: 'channel-closed', by: 'broker', text: '404' },
    ] as const) {
      const { violations } = checkRedelivery(
        evidence({ journals, wires: [wire('server-1.1', [1, delivered('orders@1.2', message)], [2, end])] }),
      );
      equal(violations.length, 1, JSON.stringify(end));
    }
  });

  it('catches a copy that says falsely that its original was redelivered', () => {
    const copy = { ...message, headers: { 'lynchpin-redelivered': true } };
    const wires = [
      wire(
        'client-1.1',
        [1, delivered('orders@1.2', message)],
        [2, { kind: 'published', message: copy }],
        [3, { kind: 'acked', tags: [1] }],
      ),
    ];
    equal(checkRedelivery(evidence({ journals, wires })).violations.length, 1);
  });

  it('knows the original of a message that is handed back', () => {
    const back = {
      exchange: '',
      key: 'inbox',
      type: 'unreadable@1.0-1.1',
      correlation: 'a',
      headers: { 'lynchpin-redelivered': true },
    } as const;
    const seen = wire('server-1.1', [0, consuming], [3, delivered('orders@1.2', message)], [4, broken]);
    const given = (redelivered: boolean) =>
      wire(
        'server-2.1',
        [5, delivered('orders@1.2', message, redelivered ? { redelivered } : {})],
        [6, { kind: 'published', message: back }],
        [7, { kind: 'acked', tags: [1] }],
      );
    equal(checkRedelivery(evidence({ journals, wires: [client, seen, given(true)] })).violations.length, 0);
    equal(checkRedelivery(evidence({ journals, wires: [client, seen, given(false)] })).violations.length, 1);
  });
});
