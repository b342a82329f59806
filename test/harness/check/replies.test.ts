import { deepEqual, equal } from 'node:assert/strict';
import type { Journal } from '../journal/index.js';
import { checkAcceptance } from './acceptance.js';
import { delivered, evidence, journal, NEW, OLD, request, wire } from './planted.js';
import { checkReplies } from './replies.js';

const asked = (type: string) => wire('client-1.1', [1, { kind: 'published', message: request('a', type, { replyTo: 'reply' }) }]);
const answer = (type: string, body?: string) =>
  wire(
    'server-1.1',
    [1, delivered('orders@1.2', request('a', 'place@1.2'))],
    [2, { kind: 'published', message: { exchange: '', key: 'reply', type, correlation: 'a', ...(body !== undefined && { body }) } }],
  );
const caller = (outcome: number, code?: string): Journal =>
  journal(
    'client-1.1',
    NEW,
    [1, { kind: 'sent', reference: 'a', form: 'call', method: 'place', deadline: 1_000, body: {} }],
    [outcome, code === undefined ? { kind: 'answered', reference: 'a', body: {} } : { kind: 'failed', reference: 'a', code, text: '' }],
  );
const ran = (at: number): Journal =>
  journal('server-1.1', NEW, [at, { kind: 'handling', reference: 'a', method: 'place', version: '1.2', body: {} }]);

describe('check 8, replies', () => {
  it('accepts an answer at what the request accepts, or below', () => {
    const found = checkReplies(evidence({ wires: [asked('place@1.2;1.4'), answer('ok@1.4')] }));
    deepEqual([found.observed, found.violations], [1, []]);
    equal(checkReplies(evidence({ wires: [asked('place@1.2;1.4'), answer('ok@1.2')] })).violations.length, 0);
  });

  it('catches an answer above what the request accepts', () => {
    equal(checkReplies(evidence({ wires: [asked('place@1.2'), answer('ok@1.4')] })).violations.length, 1);
    equal(checkReplies(evidence({ wires: [asked('place@1.2;1.4'), answer('ok@1.5')] })).violations.length, 1);
  });

  it('catches a caller that waits past its deadline', () => {
    equal(checkReplies(evidence({ journals: [caller(1_100)] })).violations.length, 0);
    equal(checkReplies(evidence({ journals: [caller(2_000)] })).violations.length, 1);
  });

  it('does not hold the time against a caller in which it stood still', () => {
    const actions = [
      { at: 500, action: { do: 'freeze', name: 'client-1' } },
      { at: 1_900, action: { do: 'thaw', name: 'client-1' } },
    ] as const;
    equal(checkReplies(evidence({ journals: [caller(2_000)], actions })).violations.length, 0);
  });

  it('catches work that begins after its caller gave up', () => {
    equal(checkReplies(evidence({ journals: [caller(1_000, 'TIMEOUT'), ran(900)] })).violations.length, 0);
    equal(checkReplies(evidence({ journals: [caller(1_000, 'TIMEOUT'), ran(2_000)] })).violations.length, 1);
  });
});

describe('check 3, acceptance', () => {
  const journals = [journal('server-1.1', OLD)];

  it('accepts a refusal of what cannot be read, and an error of the work itself', () => {
    const newer = wire(
      'server-1.1',
      [1, delivered('orders.server.server-1', request('a', 'refresh@1.4'))],
      [2, { kind: 'published', message: { exchange: '', key: 'reply', type: 'unreadable@1.0-1.2', correlation: 'a' } }],
    );
    equal(checkAcceptance(evidence({ journals, wires: [newer] })).violations.length, 0);
    equal(checkAcceptance(evidence({ journals, wires: [answer('error', '{"code":"HANDLER_FAILED"}')] })).violations.length, 0);
  });

  it('accepts that a message is handed back which comes again, readable, and catches it when that one is', () => {
    const newer = [1, delivered('orders.server.server-1', request('a', 'refresh@1.4'))] as const;
    const back = { kind: 'published', message: { exchange: '', key: 'reply', type: 'unreadable@1.0-1.2', correlation: 'a' } } as const;
    const again = [3, delivered('orders.server.server-1', request('a', 'refresh@1.2'), { tag: 2 })] as const;
    equal(checkAcceptance(evidence({ journals, wires: [wire('server-1.1', newer, [2, back], again)] })).violations.length, 0);
    equal(checkAcceptance(evidence({ journals, wires: [wire('server-1.1', newer, [2, back], again, [4, back])] })).violations.length, 1);
  });

  it('catches a refusal of what the build reads: handed back, answered with an error, or buried', () => {
    equal(checkAcceptance(evidence({ journals, wires: [answer('unreadable@1.0-1.1')] })).violations.length, 1);
    equal(checkAcceptance(evidence({ journals, wires: [answer('error', '{"code":"INVALID"}')] })).violations.length, 1);
    const buried = wire(
      'server-1.1',
      [1, delivered('orders@1.2', request('a', 'ship@1.2'))],
      [2, { kind: 'published', message: { ...request('a', 'ship@1.2'), headers: { 'lynchpin-reason': 'TOO_NEW' } } }],
    );
    equal(checkAcceptance(evidence({ journals, wires: [buried] })).violations.length, 1);
  });

  it('catches a client that cannot read an answer, unless the message was made to be refused', () => {
    const failing = evidence({ journals: [caller(500, 'INVALID')] });
    equal(checkAcceptance(failing).violations.length, 1);
    equal(checkAcceptance(failing, { malformed: new Set(['a']) }).violations.length, 0);
  });
});
