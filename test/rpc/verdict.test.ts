import { strict as assert } from 'node:assert';
import type { Delivery } from '#lynchpin/broker/index.js';
import { isCall } from '#lynchpin/rpc/copies.js';
import { judge, type Verdict } from '#lynchpin/rpc/server/verdict.js';
import { Contract, parseRequestType } from '#lynchpin/rpc/index.js';
import { VolumeApi } from './fixtures/old.js';

const contract = Contract.of(VolumeApi);

const call = (more: Partial<Delivery> = {}): Delivery => ({
  type: 'work@3.2',
  messageId: 'id-1',
  replyTo: 'amq.rabbitmq.reply-to.abc',
  expiration: 30_000,
  contentType: 'application/json',
  body: Buffer.from('not looked at'),
  queue: 'lynchpin.volume@3.2',
  exchange: 'lynchpin.volume',
  routingKey: '3.2',
  redelivered: false,
  tag: 1,
  ...more,
});
const cast = (more: Partial<Delivery> = {}): Delivery => call({ replyTo: undefined, expiration: undefined, persistent: true, ...more });

const verdict = (delivery: Delivery, source: 'lane' | 'own' = 'lane'): Verdict =>
  judge(contract, delivery, parseRequestType(delivery.type), source);
const short = (judged: Verdict): string => (judged.kind === 'refuse' ? judged.error.code : judged.kind);

const COPY = { 'lynchpin-redelivered': true };

/** What comes, and what is done with it when it comes on a lane and when it comes on the server's own queue. */
const TABLE: Record<string, readonly [delivery: Delivery, onLane: string, onOwn: string]> = {
  'a call': [call(), 'run', 'run'],
  'a cast': [cast(), 'run', 'run'],
  'the floor of the window': [call({ type: 'work@3.0' }), 'run', 'run'],
  'a sender that reads more': [call({ type: 'work@3.2;3.9' }), 'run', 'run'],
  'no type': [call({ type: undefined }), 'PROTOCOL', 'PROTOCOL'],
  'a type that is none': [call({ type: 'work' }), 'PROTOCOL', 'PROTOCOL'],
  'no id': [call({ messageId: undefined }), 'PROTOCOL', 'PROTOCOL'],
  'an empty id': [call({ messageId: '' }), 'PROTOCOL', 'PROTOCOL'],
  'a version above the window': [call({ type: 'work@3.3' }), 'PROTOCOL', 'unreadable'],
  'a version below the window': [call({ type: 'work@2.9' }), 'PROTOCOL', 'unreadable'],
  'a cast above the window': [cast({ type: 'note@3.3' }), 'PROTOCOL', 'unreadable'],
  'a method above the window that this build does not know': [call({ type: 'extend@3.3' }), 'PROTOCOL', 'unreadable'],
  'a redelivery above the window': [call({ type: 'work@3.3', redelivered: true }), 'PROTOCOL', 'unreadable'],
  'another content type above the window': [call({ type: 'work@3.3', contentType: 'text/plain' }), 'PROTOCOL', 'unreadable'],
  'another content type': [call({ contentType: 'text/plain' }), 'PROTOCOL', 'PROTOCOL'],
  'no content type': [call({ contentType: undefined }), 'PROTOCOL', 'PROTOCOL'],
  'an unknown method': [call({ type: 'extend@3.2' }), 'UNKNOWN_METHOD', 'UNKNOWN_METHOD'],
  "a name of every object's": [call({ type: 'constructor@3.2' }), 'UNKNOWN_METHOD', 'UNKNOWN_METHOD'],
  'a redelivery': [call({ redelivered: true }), 'MAYBE_EXECUTED', 'MAYBE_EXECUTED'],
  'a cast delivered before': [cast({ redelivered: true }), 'MAYBE_EXECUTED', 'MAYBE_EXECUTED'],
  'a copy of what had been delivered': [call({ headers: COPY }), 'MAYBE_EXECUTED', 'MAYBE_EXECUTED'],
  'a copy of what had not been delivered': [call({ headers: { 'lynchpin-redelivered': false } }), 'run', 'run'],
  'a header of another type': [call({ headers: { 'lynchpin-redelivered': 'true' } }), 'run', 'run'],
  'a redelivery to an idempotent method': [call({ type: 'workAgain@3.2', redelivered: true }), 'run', 'run'],
  'a copy to an idempotent method': [cast({ type: 'touch@3.2', headers: COPY }), 'run', 'run'],
  'an unknown method delivered before': [call({ type: 'extend@3.2', redelivered: true }), 'UNKNOWN_METHOD', 'UNKNOWN_METHOD'],
};

describe('what a server does with a delivery:', () => {
  for (const [what, [delivery, onLane, onOwn]] of Object.entries(TABLE))
    it(`${what}: ${onLane}${onLane === onOwn ? '' : ` on a lane, ${onOwn} on its own queue`}`, () => {
      assert.equal(short(verdict(delivery, 'lane')), onLane);
      assert.equal(short(verdict(delivery, 'own')), onOwn);
    });

  it('what runs says its method, its id and whether it had been delivered', () => {
    assert.deepEqual(verdict(call()), { kind: 'run', method: contract.method('work'), id: 'id-1', redelivered: false });
    for (const again of [{ redelivered: true }, { headers: COPY }]) {
      const judged = verdict(call({ type: 'workAgain@3.2', ...again }));
      assert.ok(judged.kind === 'run' && judged.redelivered);
    }
  });

  it('nothing of the body is looked at', () => {
    const untouchable = call();
    Object.defineProperty(untouchable, 'body', {
      get: () => assert.fail('the body was read'),
    });
    for (const source of ['lane', 'own'] as const) assert.equal(short(verdict(untouchable, source)), 'run');
  });

  it('a call has somebody who waits, and does not survive a restart of the broker', () => {
    assert.equal(isCall(call()), true);
    assert.equal(isCall(cast()), false);
    assert.equal(isCall(cast({ replyTo: 'an inbox, for handing back' })), false);
  });
});
