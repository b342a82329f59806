import assert from 'node:assert/strict';
import { t } from 'lynchpin';
import { checkSurface, declarationFindings, RULES, type Entry, type Finding } from '#lynchpin/compat/index.js';
import { checked, recordedFrom, surfaceOfAll, told } from '../support/checked.js';
import { messageClass, orderClass, ordersApi, type Said } from '../support/orders.js';

const id = { id: t.uuid() };
const today = { today: '2026-08-01', ci: true } as const;
const identity = (findings: readonly Finding[]): readonly string[] => told(findings.filter(({ rule }) => RULES[rule].law === 'identity'));

describe('what was released is frozen', () => {
  it('and an unchanged declaration raises nothing', () => {
    const declare = () => [orderClass('1.1', { ...id, total: [t.integer(), { since: '1.1', default: 0 }] })];
    assert.deepEqual(told(checked({ before: declare(), after: declare() })), []);
  });

  it('a change that many released versions share is told once, at the newest of them', () => {
    const before = orderClass('1.3', { ...id, note: [t.string(), { default: '' }], two: [t.string(), { since: '1.2', default: '' }] });
    const after = orderClass('1.3', { ...id, two: [t.string(), { since: '1.2', default: '' }] });
    const [finding, ...others] = checked({ before: [before], after: [after] });
    assert.deepEqual(others, []);
    assert.equal(finding?.rule, 'object/field-removed-no-bump');
    assert.match(finding.message, /1\.0 to 1\.3/);
  });

  it('what is not released may change, and lags behind: an error where nothing is written, a warning elsewhere', () => {
    const input = { before: [orderClass('1.0', id)], after: [orderClass('1.0', { ...id, note: t.string() })], released: [] };
    assert.deepEqual(identity(checked(input)), ['error lock/stale Order@1.0']);
    assert.deepEqual(identity(checked({ ...input, ci: false })), ['warn lock/stale Order@1.0']);
  });

  it('an unreleased version that the code no longer has is stale, a released one below the floor is history', () => {
    const before = orderClass('1.1', { ...id, note: [t.string(), { since: '1.1', optional: true }] });
    assert.deepEqual(identity(checked({ before: [before], after: [orderClass('1.0', id)], released: ['Order@1.0'] })), [
      'error lock/stale Order@1.1',
    ]);
    const raised = orderClass('1.1', { ...id, note: [t.string(), { optional: true }] }, { floor: '1.1' });
    assert.deepEqual(identity(checked({ before: [before], after: [raised] })), []);
  });

  it('where the next version is open already, the fix names it and no command', () => {
    const next = (fields: Said) => [orderClass('1.1', { ...id, ...fields, more: [t.string(), { since: '1.1', optional: true }] })];
    const findings = checked({ before: next({}), after: next({ note: [t.string(), { optional: true }] }), released: ['Order@1.0'] });
    const fix = findings.find(({ rule }) => rule === 'object/field-added-no-bump')?.fix ?? '';
    assert.match(fix, /since: '1\.1'/);
    assert.doesNotMatch(fix, /compat bump/);
  });

  it('where only the schema differs, what is accepted of one difference does not hold for the next', () => {
    const declare = () => [orderClass('1.0', id)];
    const prints = ['one', 'one', 'other'].map((note) => {
      const surface = surfaceOfAll(declare());
      const objects = surface.objects.map((object) => ({
        ...object,
        entries: new Map(
          [...object.entries].map(([version, entry]) => [version, { ...entry, schema: { ...entry.schema, note }, fingerprint: '1:0' }]),
        ),
      }));
      const [finding] = checkSurface({ ...today, surface: { ...surface, objects }, recorded: recordedFrom(declare()) });
      assert.equal(finding?.rule, 'object/changed-no-bump');
      return finding.fingerprint;
    });
    assert.equal(prints[0], prints[1]);
    assert.notEqual(prints[0], prints[2]);
  });

  it('both halves of a rename are told, and that they look like one', () => {
    const findings = checked({
      before: [orderClass('1.0', { hostName: t.string() })],
      after: [orderClass('1.0', { host: t.string() })],
    });
    assert.deepEqual(told(findings), [
      'error object/field-added-no-bump Order@1.0 fields.host',
      'error object/field-removed-no-bump Order@1.0 fields.hostName',
      'warn object/field-renamed Order@1.0 fields.host',
    ]);
  });

  it('a method that was renamed in place is told as one that is gone, one that came, and a hint', () => {
    const api = (name: string) => [ordersApi('1.0', { [name]: { takes: messageClass('Ask', id) } })];
    assert.deepEqual(told(checked({ before: api('getOrder'), after: api('fetchOrder') })), [
      'error rpc/method-added-no-bump orders@1.0 methods.fetchOrder',
      'error rpc/method-removed-in-minor orders@1.0 methods.getOrder',
      'warn rpc/method-renamed orders@1.0 methods.fetchOrder',
    ]);
  });

  it("a method that takes an object of more fields is the object's business, and no other finding", () => {
    const api = (fields: Said) => {
      const Order = orderClass('1.0', fields);
      return [ordersApi('1.0', { put: { takes: messageClass('Put', { order: t.object(() => Order) }) } })];
    };
    assert.deepEqual(told(checked({ before: api(id), after: api({ ...id, note: [t.string(), { optional: true }] }) })), [
      'error object/field-added-no-bump Order@1.0 fields.note',
    ]);
  });

  it('a method may not cease to be idempotent, nor become so unless servers that were released can run it twice', () => {
    const api = (idempotent: boolean) => [ordersApi('1.0', { put: { takes: messageClass('Put', id), idempotent } })];
    assert.deepEqual(told(checked({ before: api(false), after: api(true) })), ['warn rpc/mode-changed orders@1.0 methods.put']);
    assert.deepEqual(told(checked({ before: api(true), after: api(false) })), ['error rpc/mode-changed orders@1.0 methods.put']);
  });

  it('an object that moved on, and that no API carries, is a warning', () => {
    const api = (version: '1.0' | '1.1') => {
      const Order = orderClass('1.1', { ...id, note: [t.string(), { since: '1.1', optional: true }] });
      return [ordersApi('1.0', { get: { returns: Order } }, { carries: { '1.0': { Order: version } } })];
    };
    assert.deepEqual(told(checked({ before: api('1.0'), after: api('1.0') })), [
      'warn object/child-bumped-parent-not orders@1.0 carries.Order',
    ]);
    assert.deepEqual(told(checked({ before: api('1.1'), after: api('1.1') })), []);
  });

  it('a conversion that is taken away from under released peers is found, although no version changed', () => {
    const order = (added: Said) => [
      orderClass('1.1', { state: t.enum(['new', 'back', 'unknown'], { added: { '1.1': added } as never }) }),
      ordersApi('1.0', { get: { returns: orderClass('1.0', id) } }, { topic: 'unrelated' }),
    ];
    const returning = (added: Said) => {
      const [Order] = order(added);
      return [ordersApi('1.1', { get: { returns: Order } }, { carries: { '1.1': { Order: '1.1' } } })];
    };
    assert.deepEqual(told(checked({ before: returning({ back: 'new' }), after: returning({ back: 'new' }) })), []);
    const bare = checked({ before: returning({ back: 'new' }), after: returning(['back'] as never) });
    assert.deepEqual(told(bare), ['error object/enum-value-added Order@1.1 fields.state']);
  });

  it('an entry that was edited by hand is told as that alone: it proves nothing', () => {
    const { origin, entries } = recordedFrom([orderClass('1.0', id)]);
    const edited = entries.map((entry): Entry => ({ ...entry, facts: { ...entry.facts, fields: {} } as Entry['facts'] }));
    assert.deepEqual(
      told(checkSurface({ surface: surfaceOfAll([orderClass('1.0', id)]), recorded: { origin, entries: edited }, ...today })),
      ['error lock/edited-by-hand objects/Order/1.0.json'],
    );
  });

  it('is shown to fail: with the fingerprints of the code in the recording, a change would pass', () => {
    const [before, after] = [[orderClass('1.0', id)], [orderClass('1.0', { ...id, note: t.string() })]];
    const recorded = recordedFrom(before);
    const live = surfaceOfAll(after).objects[0]?.entries.get('1.0');
    const forged = { ...recorded, entries: recorded.entries.map((entry) => ({ ...entry, fingerprint: live?.fingerprint ?? '' })) };
    assert.ok(identity(checked({ before, after })).includes('error object/field-added-no-bump Order@1.0 fields.note'));
    assert.deepEqual(identity(checkSurface({ surface: surfaceOfAll(after), recorded: forged, ...today })), [
      'error lock/edited-by-hand objects/Order/1.0.json',
    ]);
  });
});

describe('what loading refuses', () => {
  const refused = (declare: () => unknown): readonly string[] => {
    try {
      declare();
    } catch (error) {
      return told(declarationFindings(error));
    }
    return assert.fail('nothing was refused');
  };

  const cases: Readonly<Record<string, readonly [declare: () => unknown, finding: string]>> = {
    'a required field that older data lacks': [
      () => orderClass('1.1', { total: [t.integer(), { since: '1.1' }] }),
      'error object/required-field-added-no-default Order@1.1 fields.total',
    ],
    'a required field that older readers miss': [
      () => orderClass('1.1', { total: [t.integer(), { until: '1.1' }] }),
      'error object/field-removed-no-major Order@1.1 fields.total',
    ],
    'a field of a version that is still to come': [
      () => orderClass('1.1', { total: [t.integer(), { since: '1.2', default: 0 }] }),
      'error object/field-added-no-bump Order@1.2 fields.total',
    ],
    'a method of a version that is still to come': [
      () => surfaceOfAll([ordersApi('1.1', { get: { since: '1.2' } })]),
      'error rpc/method-added-no-bump OrdersApi@1.2 methods.get',
    ],
    'an argument that older callers do not send': [
      () => surfaceOfAll([ordersApi('1.1', { get: { takes: messageClass('Ask', { id: [t.uuid(), { since: '1.1' }] }) } })]),
      'error rpc/arg-added-no-default OrdersApi@1.1 messages.Ask.fields.id',
    ],
    'a function of versions that do not exist': [
      () => orderClass('1.0', id, { backports: [{ from: '1.1', to: '1.0', run: (data: object) => data }] }),
      'error backport/unreachable Order@1.1',
    ],
    'types that share no values': [
      () =>
        surfaceOfAll([
          ordersApi(
            '1.0',
            { get: { returns: orderClass('1.1', { qty: [t.string(), { was: { until: '1.1', type: t.integer() } }] }) } },
            {
              carries: { '1.0': { Order: '1.1' } },
            },
          ),
        ]),
      'error object/type-changed Order@1.1 fields.qty',
    ],
    'carries that goes backwards': [
      () =>
        surfaceOfAll([
          ordersApi(
            '1.1',
            { get: { returns: orderClass('1.1', { note: [t.string(), { since: '1.1', optional: true }] }) } },
            {
              carries: { '1.0': { Order: '1.1' }, '1.1': { Order: '1.0' } },
            },
          ),
        ]),
      'error history/parent-child-out-of-order OrdersApi@1.1 carries.Order',
    ],
  };
  for (const [what, [declare, finding]] of Object.entries(cases))
    it(`is told as the rule that it breaks: ${what}`, () => assert.deepEqual(refused(declare), [finding]));

  it('is nothing that a rule is about, when it is another mistake', () => {
    assert.deepEqual(
      refused(() => orderClass('1.x' as never, id)),
      [],
    );
    assert.deepEqual(declarationFindings(new Error('there is no such module')), []);
  });
});
