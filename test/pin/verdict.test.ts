import assert from 'node:assert/strict';
import fc from 'fast-check';
import { namesOf, type Delivery } from '#lynchpin/broker/index.js';
import { LynchpinError } from '#lynchpin/errors/index.js';
import { judge, type Convert, type VerdictRules } from '#lynchpin/pin/index.js';

const NAMES = namesOf('volume');
const convert: Convert = ({ type, body }, to) => ({ type: `${type?.split('@')[0]}@${to}`, body });
const RULES: VerdictRules = { names: NAMES, from: '3.4', to: '3.2', convert, forGood: true, callLife: 5_000 };
const unfit: Convert = () => ({ code: 'PINNED', reason: 'create says tier' });

const cast = (more: Partial<Delivery> = {}): Delivery => ({
  type: 'create@3.4',
  messageId: 'id-1',
  persistent: true,
  contentType: 'application/json',
  appId: 'client-1',
  userId: 'client',
  body: Buffer.from('{"sizeGb":1}'),
  queue: NAMES.lane('3.4'),
  exchange: NAMES.exchange,
  routingKey: '3.4',
  redelivered: false,
  tag: 1,
  ...more,
});
const call = (more: Partial<Delivery> = {}): Delivery =>
  cast({ persistent: undefined, replyTo: 'amq.rabbitmq.reply-to.abc', expiration: 60_000, ...more });

describe('what becomes of a stranded message:', () => {
  it('a copy at the pinned version goes to its lane and says where it is from', () => {
    const { kind, copy } = judge(cast(), RULES);
    assert.equal(kind, 'moved');
    assert.deepEqual(
      [copy.exchange, copy.routingKey, copy.type, copy.messageId, copy.persistent, copy.headers],
      [NAMES.exchange, '3.2', 'create@3.2', 'id-1', true, { 'lynchpin-from': NAMES.lane('3.4') }],
    );
  });

  it('it goes up as well as down', () => {
    assert.equal(judge(cast(), { ...RULES, from: '3.0', to: '3.3' }).copy.routingKey, '3.3');
  });

  it('a copy says if the original, or the one that it was copied from, had been delivered', () => {
    assert.equal(judge(cast({ redelivered: true }), RULES).copy.headers?.['lynchpin-redelivered'], true);
    assert.equal(judge(cast({ headers: { 'lynchpin-redelivered': true } }), RULES).copy.headers?.['lynchpin-redelivered'], true);
    assert.equal(judge(cast(), RULES).copy.headers?.['lynchpin-redelivered'], undefined);
  });

  it('the copy of a call gets a short life, and keeps where its answer goes', () => {
    const { copy } = judge(call(), RULES);
    assert.deepEqual([copy.expiration, copy.replyTo, copy.persistent], [5_000, 'amq.rabbitmq.reply-to.abc', undefined]);
    assert.equal(judge(call({ expiration: 900 }), RULES).copy.expiration, 900);
    assert.equal(judge(call({ expiration: undefined }), RULES).copy.expiration, 5_000);
  });

  it('a cast does not get a life that it did not have', () => {
    assert.equal(judge(cast(), RULES).copy.expiration, undefined);
  });

  it('what fits no version that is read waits for its readers while they may return', () => {
    const { kind, copy } = judge(cast(), { ...RULES, convert: unfit, forGood: false });
    assert.deepEqual([kind, copy.exchange, copy.routingKey, copy.type], ['kept', '', NAMES.lane('3.4'), 'create@3.4']);
  });

  it('after that a cast goes to the dead letters with its reason', () => {
    const { kind, copy } = judge(cast({ replyTo: 'inbox-1' }), { ...RULES, convert: unfit });
    assert.deepEqual([kind, copy.exchange, copy.routingKey, copy.persistent, copy.type], ['dead', '', NAMES.dead, true, 'create@3.4']);
    assert.deepEqual(copy.headers, {
      'lynchpin-from': NAMES.lane('3.4'),
      'lynchpin-reason': 'PINNED',
      'lynchpin-detail': 'create says tier',
    });
  });

  it('and a call is answered with its typed error', () => {
    const { kind, copy } = judge(call(), { ...RULES, convert: unfit });
    assert.deepEqual(
      [kind, copy.exchange, copy.routingKey, copy.type, copy.correlationId],
      ['refused', '', 'amq.rabbitmq.reply-to.abc', 'error', 'id-1'],
    );
    assert.equal((JSON.parse(Buffer.from(copy.body).toString()) as { code: string }).code, 'PINNED');
  });

  it('a conversion that throws is a reason like any other', () => {
    const reasonOf = (error: Error): unknown =>
      judge(cast(), {
        ...RULES,
        convert: () => {
          throw error;
        },
      }).copy.headers?.['lynchpin-reason'];
    assert.equal(reasonOf(new LynchpinError('INVALID', 'no')), 'INVALID');
    assert.equal(reasonOf(new TypeError('x is not a function')), 'CONVERSION');
  });

  it('whatever the message: its id and its body stay together, and no account is claimed', () => {
    const deliveries = fc.record({
      id: fc.string(),
      persistent: fc.boolean(),
      redelivered: fc.boolean(),
      replyTo: fc.option(fc.string({ minLength: 1 }), { nil: undefined }),
      expiration: fc.option(fc.integer({ min: 1, max: 100_000 }), { nil: undefined }),
      fits: fc.boolean(),
      forGood: fc.boolean(),
    });
    fc.assert(
      fc.property(deliveries, ({ id, fits, forGood, ...more }) => {
        const { kind, copy } = judge(cast({ ...more, messageId: id }), { ...RULES, forGood, convert: fits ? convert : unfit });
        assert.equal(kind === 'refused' ? copy.correlationId : copy.messageId, id);
        if (kind !== 'refused') assert.deepEqual(copy.body, cast().body);
        assert.equal(copy.userId, undefined);
        assert.equal(kind, fits ? 'moved' : !forGood ? 'kept' : more.replyTo !== undefined && !more.persistent ? 'refused' : 'dead');
        if (kind !== 'refused') assert.equal(copy.headers?.['lynchpin-redelivered'] === true, more.redelivered);
      }),
      { seed: 20_260_117 },
    );
  });
});
