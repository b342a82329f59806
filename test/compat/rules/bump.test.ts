import assert from 'node:assert/strict';
import { t } from 'lynchpin';
import { bumpFindings, type Finding } from '#lynchpin/compat/index.js';
import { recordedFrom, surfaceOfAll, told } from '../support/checked.js';
import { messageClass, orderClass, ordersApi, type Said } from '../support/orders.js';

const NOTHING = { origin: 'compat/', entries: [] };
const id = { id: t.uuid() };
const Put = (fields: Said, more: Said = {}) => messageClass('Put', { ...id, ...fields }, more);
const minors = (...classes: readonly unknown[]): readonly string[] => told(find(classes).minors);
const find = (classes: readonly unknown[]): { readonly minors: Finding[]; readonly majors: Finding[] } =>
  bumpFindings({ surface: surfaceOfAll(classes), recorded: NOTHING });
const taking = (fields: Said, more: Said = {}) => ordersApi('1.1', { put: { takes: Put(fields, more) } });
const returning = (added: unknown) =>
  ordersApi('1.1', { state: { returns: t.nullable(t.enum(['new', 'back'], { added: { '1.1': added } as never })) } });

describe('from one declared version to the next', () => {
  it('a field of a message may come, when older requests can do without', () => {
    assert.deepEqual(minors(taking({ urgent: [t.boolean(), { since: '1.1', default: false }] })), []);
    assert.deepEqual(minors(taking({ urgent: [t.boolean(), { since: '1.1', optional: true }] })), []);
  });

  it('a field of a message may end, when older servers get it filled in', () => {
    const ended = ['info rpc/arg-removed orders@1.1 messages.Put.fields.reason'];
    assert.deepEqual(minors(taking({ reason: [t.string(), { until: '1.1', default: '' }] })), ended);
    const backports = [{ from: '1.1', to: '1.0', run: (data: object) => ({ ...data, reason: '' }) }];
    assert.deepEqual(minors(taking({ reason: [t.string(), { until: '1.1' }] }, { backports })), ended);
  });

  it('a field of a message may have another name, as long as it is said', () => {
    assert.deepEqual(minors(taking({ hostName: [t.string(), { was: { until: '1.1', name: 'host' } }] })), []);
    const two = { host: [t.string(), { until: '1.1', optional: true }], hostName: [t.string(), { since: '1.1', optional: true }] };
    assert.ok(minors(taking(two)).includes('warn object/field-renamed orders@1.1 messages.Put.fields.hostName'));
  });

  it('a field of a message may become wider, which senders alone notice', () => {
    const code = (now: number, was: number) => ({
      code: [t.string({ maxLength: now }), { was: { until: '1.1', type: t.string({ maxLength: was }) } }],
    });
    assert.deepEqual(minors(taking(code(20, 10))), ['info object/constraint-loosened orders@1.1 messages.Put.fields.code']);
    assert.deepEqual(minors(taking(code(10, 20))), ['error object/constraint-tightened orders@1.1 messages.Put.fields.code']);
  });

  it('a message that is returned too is judged both ways', () => {
    const Both = Put({ code: [t.string({ maxLength: 20 }), { was: { until: '1.1', type: t.string({ maxLength: 10 }) } }] });
    assert.deepEqual(minors(ordersApi('1.1', { put: { takes: Both, returns: Both } })), [
      'error object/constraint-loosened orders@1.1 messages.Put.fields.code',
    ]);
  });

  it('an enum that is answered bare may grow, when older callers get a value that they know', () => {
    assert.deepEqual(minors(returning({ back: 'new' })), []);
    assert.deepEqual(minors(returning(['back'])), ['error rpc/return-type-changed orders@1.1 methods.state']);
  });

  it('a method may end, and another one begin under its name', () => {
    const methods = { tell: { until: '1.1', takes: Put({}) }, ask: { name: 'tell', since: '1.1', takes: Put({}), returns: t.string() } };
    const [first] = [Put({})];
    methods.tell.takes = methods.ask.takes = first;
    assert.deepEqual(minors(ordersApi('1.1', methods)), ['info rpc/method-removed-in-minor orders@1.1 methods.tell']);
  });

  it('a method may have another name, as long as it is said', () => {
    assert.deepEqual(minors(ordersApi('1.1', { fetchOrder: { was: { until: '1.1', name: 'getOrder' }, returns: t.string() } })), []);
    const two = { getOrder: { until: '1.1', returns: t.string() }, fetchOrder: { since: '1.1', returns: t.string() } };
    assert.deepEqual(minors(ordersApi('1.1', two)), [
      'info rpc/method-removed-in-minor orders@1.1 methods.getOrder',
      'warn rpc/method-renamed orders@1.1 methods.fetchOrder',
    ]);
  });

  it('what a major breaks is no fault, but its reason', () => {
    const order = orderClass(
      '2.0',
      { state: t.enum(['new', 'back', 'unknown'], { added: { '2.0': ['back'] } }) },
      { floor: '1.0', previous: { 1: '1.0' } },
    );
    const { minors: faults, majors } = find([
      order,
      ordersApi('1.1', { get: { returns: order } }, { carries: { '1.1': { Order: '2.0' } } }),
    ]);
    assert.deepEqual(told(faults), []);
    assert.deepEqual(told(majors), ['error object/enum-value-added Order@2.0 fields.state']);
  });

  it("a floor that rises breaks nothing: what lies below it is another rule's business", () => {
    const before = orderClass('1.1', { note: [t.string(), { since: '1.1', default: '' }] });
    const after = orderClass('1.1', { note: t.string() }, { floor: '1.1' });
    const { minors: faults } = bumpFindings({ surface: surfaceOfAll([after]), recorded: recordedFrom([before]) });
    assert.deepEqual(told(faults), []);
  });

  it('a name that was reused is found in what is recorded, too', () => {
    const before = orderClass('1.1', { ref: [t.string(), { until: '1.1', optional: true }] });
    const after = orderClass('1.2', { ref: [t.integer(), { since: '1.2', optional: true }] }, { floor: '1.1' });
    const { minors: faults } = bumpFindings({ surface: surfaceOfAll([after]), recorded: recordedFrom([before]) });
    assert.deepEqual(told(faults), ['error object/name-reused Order@1.2 fields.ref']);
  });
});
