import assert from 'node:assert/strict';
import { Contract, convertRequest } from '#lynchpin/rpc/index.js';
import { OrdersApi } from '../system/releases/b/contract.js';
import { code } from './code.js';

const contract = Contract.of(OrdersApi);
const order = { customer: 'Ada', quantity: 1, addresses: ['Mill Lane 1'] };
const moved = (type: string, body: object, to: '1.2' | '1.3' | '1.4'): unknown => {
  const { body: converted } = convertRequest(contract, { type, body: Buffer.from(JSON.stringify(body)) }, to, 10_000);
  return JSON.parse(Buffer.from(converted).toString('utf8')) as unknown;
};

describe('a request that is moved to another version', () => {
  it('loses fields that say nothing, and what its backports make of the rest', () => {
    assert.deepEqual(moved('place@1.4', { reference: 'a', order, busy: 0, priority: 'normal', gift: false }, '1.2'), {
      reference: 'a',
      order: { customer: 'Ada', quantity: 1, address: 'Mill Lane 1' },
      busy: 0,
      priority: 'normal',
    });
  });

  it('is refused where a field would be lost that its sender would have been refused', () => {
    const gift = { reference: 'a', order, busy: 0, priority: 'normal', gift: true };
    assert.throws(() => moved('place@1.4', gift, '1.3'), code('PINNED'));
    assert.deepEqual(moved('place@1.4', gift, '1.4'), gift);
  });

  it('goes up whatever it says', () => {
    assert.deepEqual(moved('ship@1.2', { reference: 'a', busy: 0, carrier: 'ship' }, '1.4'), { reference: 'a', busy: 0, carrier: 'ship' });
  });
});
