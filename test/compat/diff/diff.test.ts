import assert from 'node:assert/strict';
import fc from 'fast-check';
import { canonical, diffFacts, diffLines, type Facts } from '#lynchpin/compat/index.js';
import { method, oneOf, order, orders, orNull, required, text, whole } from '../support/made-facts.js';
import { anyApi, anyObject, API_EDITS, FIELD_EDITS } from './edits.js';

const RUNS = { numRuns: 300 };
const copy = <T>(facts: T): T => JSON.parse(JSON.stringify(facts)) as T;
const kinds = (before: Facts, after: Facts): readonly string[] => diffFacts(before, after).map(({ kind }) => kind);
const anyFacts: fc.Arbitrary<Facts> = fc.oneof(anyObject, anyApi);

describe('the differ', () => {
  it('finds nothing between facts and a copy of them', () => {
    fc.assert(
      fc.property(anyFacts, (facts) => assert.deepEqual(diffFacts(facts, copy(facts)), [])),
      RUNS,
    );
  });

  it('finds something between any two facts that are not the same', () => {
    fc.assert(
      fc.property(anyFacts, anyFacts, (before, after) => {
        fc.pre(canonical(before) !== canonical(after));
        assert.notDeepEqual(diffFacts(before, after), []);
        assert.notDeepEqual(diffFacts(after, before), []);
        assert.equal(diffLines(diffFacts(before, after)).length, diffFacts(before, after).length);
      }),
      RUNS,
    );
  });

  const edits = [
    ...FIELD_EDITS.map((edit) => ({ ...edit, from: anyObject as fc.Arbitrary<Facts> })),
    ...API_EDITS.map((edit) => ({ ...edit, from: anyApi as fc.Arbitrary<Facts> })),
  ];
  for (const { what, apply, from: any } of edits) {
    it(`knows one edit for what it is: ${what}`, () => {
      let tried = 0;
      fc.assert(
        fc.property(any, fc.nat(), (before, at) => {
          const after = copy(before);
          const expected = apply(after as never, (from) => from[at % Math.max(1, from.length)]);
          fc.pre(expected !== undefined);
          tried++;
          assert.deepEqual(kinds(before, after), expected);
        }),
        { numRuns: 20, maxSkipsPerRun: 2000 },
      );
      assert.ok(tried >= 20);
    });
  }

  it('knows a bound that moves from one keyword to the other for one change', () => {
    const number = (limits: object): Facts => order('1.0', { a: required({ kind: 'number', ...limits }) });
    for (const [tight, loose] of [
      [{ exclusiveMaximum: 10 }, { maximum: 10 }],
      [{ maximum: 9 }, { exclusiveMaximum: 10 }],
      [{ exclusiveMinimum: 0 }, { minimum: 0 }],
      [{ minimum: 1 }, { exclusiveMinimum: 0 }],
    ] as const) {
      assert.deepEqual(kinds(number(tight), number(loose)), ['constraint-loosened']);
      assert.deepEqual(kinds(number(loose), number(tight)), ['constraint-tightened']);
    }
  });

  it('is shown to fail: without its catch-all, what no kind describes would pass unseen', () => {
    const before = { ...order('1.0', {}), colour: 'red' };
    assert.deepEqual(kinds(before, order('1.0', {})), ['unclassified']);
    assert.deepEqual(kinds(order('1.0', {}), orders('1.0')), ['unclassified']);
    const strange = { kind: 'complex', parts: 2 } as never;
    assert.deepEqual(kinds(order('1.0', { a: required(strange) }), order('1.0', { a: required(text) })), ['unclassified']);
    assert.deepEqual(kinds(order('1.0', { a: required(strange) }), order('1.0', { a: required(strange) })), []);
  });

  it('tells null from missing', () => {
    const before = order('1.0', { due: required(text) });
    assert.deepEqual(kinds(before, order('1.0', { due: required(orNull(text)) })), ['null-allowed']);
    assert.deepEqual(kinds(before, order('1.0', { due: { type: text, presence: 'optional' } })), ['presence-changed']);
  });

  it('looks into lists, maps, unions and alternatives, and says where', () => {
    const before = order('1.0', {
      tags: required({ kind: 'list', item: orNull(oneOf('a', 'b')) }),
      by: required({ kind: 'map', value: { kind: 'either', options: [text, whole] } }),
    });
    const after = order('1.0', {
      tags: required({ kind: 'list', item: orNull(oneOf('a')) }),
      by: required({ kind: 'map', value: { kind: 'either', options: [{ kind: 'string', maxLength: 3 }, whole] } }),
    });
    assert.deepEqual(diffLines(diffFacts(before, after)), ['~ fields.by.value.string: maxLength none -> 3', '- fields.tags.item: "b"']);
  });

  it('orders numbers by value and text by none', () => {
    const limits = (before: object, after: object) =>
      kinds(order('1.0', { a: required(before as never) }), order('1.0', { a: required(after as never) }));
    assert.deepEqual(limits({ kind: 'bigint', maximum: '9' }, { kind: 'bigint', maximum: '10' }), ['constraint-loosened']);
    assert.deepEqual(limits({ kind: 'integer', multipleOf: 2 }, { kind: 'integer', multipleOf: 4 }), ['constraint-tightened']);
    assert.deepEqual(limits({ kind: 'integer', multipleOf: 4 }, { kind: 'integer', multipleOf: 6 }), ['constraint-replaced']);
    assert.deepEqual(limits({ kind: 'string', format: 'uri' }, { kind: 'string', format: 'email' }), ['constraint-replaced']);
    assert.deepEqual(limits({ kind: 'string', pattern: 'a' }, { kind: 'string' }), ['constraint-loosened']);
    assert.deepEqual(limits({ kind: 'list', item: text }, { kind: 'list', item: text, uniqueItems: true }), ['constraint-tightened']);
  });

  it('sees what can happen to an API', () => {
    const before = orders('1.0', {
      carries: { Order: '1.0', Old: '1.0' },
      methods: { ask: method({ takes: 'Ask', returns: text }), cast: method(), drop: method(), same: method({ idempotent: true }) },
      messages: { Ask: { fields: { id: required(text) } } },
      errors: ['Busy'],
    });
    const after = orders('1.0', {
      carries: { Order: '1.1', New: '1.0' },
      methods: { ask: method({ takes: 'Ask' }), cast: method({ returns: text }), come: method(), same: method() },
      messages: { Ask: { fields: { id: required(whole) } }, More: { fields: {} } },
      errors: ['Full'],
    });
    assert.deepEqual(diffLines(diffFacts(before, { ...after, name: 'orders2' })), [
      '~ name: orders -> orders2',
      '- methods.ask.returns: string',
      '+ methods.cast.returns: string',
      '+ methods.come: takes nothing, returns nothing',
      '- methods.drop: takes nothing, returns nothing',
      '~ methods.same.idempotent: true -> false',
      '~ messages.Ask.fields.id: string -> integer',
      '+ messages.More',
      '+ carries.New: 1.0',
      '- carries.Old: 1.0',
      '~ carries.Order: 1.0 -> 1.1',
      '- errors.Busy: Busy',
      '+ errors.Full: Full',
    ]);
  });

  it('does not compare versions: whoever asks knows them', () => {
    assert.deepEqual(diffFacts(order('1.0', { a: required(text) }), order('1.1', { a: required(text) })), []);
  });
});
