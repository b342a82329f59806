import assert from 'node:assert/strict';
import { defineMessage, t, type AnyFieldType, type Class } from 'lynchpin';
import { failsWith } from './codes.js';
import { graphOf, throughText } from './api.js';

const UUID = '123e4567-e89b-12d3-a456-426614174000';

/** A class with one field of the type. */
function box(type: AnyFieldType): Class<{ value: unknown }> {
  class Box {
    value: unknown;
  }
  defineMessage(Box, { fields: { value: type } } as never);
  return Box;
}

class Card {
  kind!: 'card';
  digits!: string;
}
defineMessage(Card, { fields: { kind: t.enum(['card']), digits: t.string() } });

class Transfer {
  kind!: 'transfer';
  iban!: string;
}
defineMessage(Transfer, { fields: { kind: t.enum(['transfer']), iban: t.string() } });

const card = { kind: 'card', digits: '4' };

// Each type: values with their wire form, values that a caller must not send, and JSON that a reader must not take.
const CASES: Record<
  string,
  { type: AnyFieldType; fits: [value: unknown, wire: unknown][]; refusedValues: unknown[]; refusedJson: unknown[] }
> = {
  string: {
    type: t.string(),
    fits: [
      ['', ''],
      ['ä😀', 'ä😀'],
      ['\ud800', '\ud800'],
      ['__proto__', '__proto__'],
    ],
    refusedValues: [null, 1, {}, []],
    refusedJson: [null, 1, true, [], {}],
  },
  'string with constraints': {
    type: t.string({ minLength: 2, maxLength: 3, pattern: '^\\p{L}+$' }),
    fits: [
      ['ab', 'ab'],
      ['𝒳𝒴𝒵', '𝒳𝒴𝒵'],
    ],
    refusedValues: ['a', 'abcd', 'a1'],
    refusedJson: ['a', '𝒳𝒴𝒵𝒲'],
  },
  'string with a format': {
    type: t.string({ format: 'ipv4' }),
    fits: [['10.0.0.1', '10.0.0.1']],
    refusedValues: ['10.0.0', '::1'],
    refusedJson: ['x'],
  },
  integer: {
    type: t.integer(),
    fits: [
      [0, 0],
      [-7, -7],
      [2 ** 53 - 1, 2 ** 53 - 1],
    ],
    refusedValues: [1.5, NaN, Infinity, 2 ** 53, '1', 1n],
    refusedJson: [1.5, JSON.parse('12345678901234567890'), -(2 ** 53), '1', null, true],
  },
  'integer with bounds': {
    type: t.integer({ minimum: 1, exclusiveMaximum: 10, multipleOf: 3 }),
    fits: [
      [3, 3],
      [9, 9],
    ],
    refusedValues: [0, 4, 12],
    refusedJson: [-3, 10],
  },
  number: {
    type: t.number({ exclusiveMinimum: -1, maximum: 1.5 }),
    fits: [
      [0.1, 0.1],
      [1.5, 1.5],
    ],
    refusedValues: [-1, 1.6, NaN, Infinity, '0'],
    refusedJson: [JSON.parse('1e999'), '0', null],
  },
  boolean: {
    type: t.boolean(),
    fits: [
      [true, true],
      [false, false],
    ],
    refusedValues: ['false', 0, null],
    refusedJson: ['false', 0, null],
  },
  bigint: {
    type: t.bigint(),
    fits: [
      [0n, '0'],
      [-(2n ** 70n), '-1180591620717411303424'],
    ],
    refusedValues: [1, '1', null, 10n ** 1001n],
    refusedJson: [1, '01', '-0', '1.0', '0x1', '', '1'.repeat(1001)],
  },
  'bigint with bounds': {
    type: t.bigint({ minimum: 0n, maximum: 2n ** 64n - 1n }),
    fits: [[2n ** 64n - 1n, '18446744073709551615']],
    refusedValues: [-1n, 2n ** 64n],
    refusedJson: ['-1', '18446744073709551616', 'x'],
  },
  uuid: {
    type: t.uuid(),
    fits: [
      [UUID, UUID],
      [UUID.toUpperCase(), UUID.toUpperCase()],
    ],
    refusedValues: ['', `${UUID}0`, `{${UUID}}`],
    refusedJson: [`${UUID} `, UUID.replaceAll('-', ''), 1],
  },
  datetime: {
    type: t.datetime(),
    fits: [
      [new Date('2026-08-01T12:00:00.123Z'), '2026-08-01T12:00:00.123Z'],
      [new Date('0000-01-01T00:00:00.000Z'), '0000-01-01T00:00:00.000Z'],
      [new Date('9999-12-31T23:59:59.999Z'), '9999-12-31T23:59:59.999Z'],
    ],
    refusedValues: [new Date(NaN), new Date(8.64e15), '2026-08-01T12:00:00.123Z', 0, null],
    refusedJson: [
      '2026-08-01',
      '2026-08-01 12:00:00Z',
      '2026-02-29T00:00:00Z',
      '2026-13-01T00:00:00Z',
      '2026-08-01T24:00:00Z',
      '2026-08-01T12:00:60Z',
      '2026-08-01T12:00:00',
      '2026-08-01T12:00:00.Z',
      '2026-08-01T12:00:00+0200',
      'x',
      0,
      null,
    ],
  },
  bytes: {
    type: t.bytes(),
    fits: [
      [new Uint8Array([]), ''],
      [new Uint8Array([255, 0, 1]), '/wAB'],
      [new Uint8Array([1]), 'AQ=='],
    ],
    refusedValues: ['AQ==', [1], null],
    refusedJson: ['A', 'AQ=', 'A-_=', 'AQ==\n', '====', 1, null],
  },
  'bytes with bounds': {
    type: t.bytes({ minLength: 1, maxLength: 2 }),
    fits: [[new Uint8Array([1, 2]), 'AQI=']],
    refusedValues: [new Uint8Array([]), new Uint8Array(3)],
    refusedJson: ['', 'AQID'],
  },
  enum: { type: t.enum(['a', 'b']), fits: [['a', 'a']], refusedValues: ['c', null, 1], refusedJson: ['A', '', null] },
  list: {
    type: t.list(t.datetime(), { minItems: 1, maxItems: 2 }),
    fits: [[[new Date(0)], ['1970-01-01T00:00:00.000Z']]],
    refusedValues: [[], new Set(), { length: 1, 0: new Date() }, [undefined], 'x'],
    refusedJson: [[], {}, ['x'], [null], 'x'],
  },
  'list of unique items': {
    type: t.list(t.bytes(), { uniqueItems: true }),
    fits: [
      [
        [new Uint8Array([1]), new Uint8Array([2])],
        ['AQ==', 'Ag=='],
      ],
    ],
    refusedValues: [[new Uint8Array([1]), new Uint8Array([1])]],
    refusedJson: [['AQ==', 'AQ==']],
  },
  map: {
    type: t.map(t.integer(), { maxProperties: 2 }),
    fits: [
      [{}, {}],
      [
        { constructor: 1, toString: 2 },
        { constructor: 1, toString: 2 },
      ],
    ],
    refusedValues: [{ a: 'x' }, new Map(), [], { a: 1, b: 2, c: 3 }, null],
    refusedJson: [{ a: null }, [], 'x', JSON.parse('{"__proto__": 1}')],
  },
  nullable: {
    type: t.nullable(t.datetime()),
    fits: [
      [null, null],
      [new Date(0), '1970-01-01T00:00:00.000Z'],
    ],
    refusedValues: ['x', 0],
    refusedJson: ['x', 0, false],
  },
  'nullable enum': {
    type: t.nullable(t.enum(['a'])),
    fits: [
      [null, null],
      ['a', 'a'],
    ],
    refusedValues: ['b', ''],
    refusedJson: ['null', 0],
  },
  'nullable union': {
    type: t.nullable(t.union('kind', { card: () => Card, transfer: () => Transfer })),
    fits: [
      [null, null],
      [card, card],
    ],
    refusedValues: [{ kind: 'cash' }],
    refusedJson: [{}, 'card', { kind: 'card' }],
  },
  union: {
    type: t.union('kind', { card: () => Card, transfer: () => Transfer }),
    fits: [
      [card, card],
      [
        { kind: 'transfer', iban: 'DE' },
        { kind: 'transfer', iban: 'DE' },
      ],
    ],
    refusedValues: [null, {}, { kind: 'cash' }, { kind: 'card', iban: 'DE' }],
    refusedJson: [null, [], {}, { kind: 'toString' }, { kind: 'transfer', digits: '4' }],
  },
  either: {
    type: t.either(t.integer(), t.enum(['auto'])),
    fits: [
      [1, 1],
      ['auto', 'auto'],
    ],
    refusedValues: ['x', 1.5, null, true],
    refusedJson: ['x', {}, null],
  },
  object: {
    type: t.object(() => Card),
    fits: [[card, card]],
    refusedValues: [null, [], 'x', { kind: 'card' }],
    refusedJson: [null, [], 'x', {}, { kind: 'card', digits: 1 }],
  },
  json: {
    type: t.json(),
    fits: [
      [null, null],
      [{ a: [1, { b: null }] }, { a: [1, { b: null }] }],
      [{ a: undefined, b: 1 }, { b: 1 }],
    ],
    refusedValues: [() => 1, 1n, NaN, new Date(), { a: new Map() }, [undefined]],
    refusedJson: [JSON.parse('{"a":[{"__proto__":{}}]}')],
  },
};

/** What a received value says, instances as literals. */
function literal(value: unknown): unknown {
  return value instanceof Card || value instanceof Transfer ? Object.fromEntries(Object.entries(value)) : value;
}

describe('field types', () => {
  for (const [name, { type, fits, refusedValues, refusedJson }] of Object.entries(CASES)) {
    describe(name, () => {
      const Box = box(type);
      const graph = graphOf(Box);
      const write = graph.writer(Box, '3.4');
      const read = graph.reader(Box, '3.4');

      it('crosses the wire and comes back as it was', () => {
        for (const [value, wire] of fits) {
          const json = write({ value }) as { value: unknown };
          assert.deepEqual(json, { value: wire });
          const back = read(throughText(json)) as { value: unknown };
          assert.ok(back instanceof Box);
          assert.deepEqual(literal(back.value), name === 'json' ? wire : value);
        }
      });

      it('refuses what does not fit, in both directions', () => {
        for (const value of refusedValues) failsWith('INVALID', () => write({ value }));
        for (const value of refusedJson) failsWith('INVALID', () => read({ value }));
        failsWith('INVALID', () => write({}));
        failsWith('INVALID', () => read({}));
      });

      it('can be nullable, and then null is neither unset nor anything else', () => {
        if (type.kind === 'nullable' || type.kind === 'json') return;
        const Nullable = box(t.nullable(type as never));
        const own = graphOf(Nullable);
        assert.deepEqual(own.writer(Nullable, '3.0')({ value: null }), { value: null });
        assert.equal((own.reader(Nullable, '3.0')({ value: null }) as { value: unknown }).value, null);
        failsWith('INVALID', () => own.reader(Nullable, '3.0')({}));
      });
    });
  }

  it('a datetime keeps milliseconds: finer digits are cut off, an offset is turned into UTC', () => {
    const Box = box(t.datetime());
    const read = graphOf(Box).reader(Box, '3.4');
    for (const [wire, instant] of [
      ['2026-08-01T12:00:00.999999Z', '2026-08-01T12:00:00.999Z'],
      ['2026-08-01T12:00:00.1+02:00', '2026-08-01T10:00:00.100Z'],
      ['2026-08-01t12:00:00z', '2026-08-01T12:00:00.000Z'],
      ['2024-02-29T00:00:00-00:30', '2024-02-29T00:30:00.000Z'],
    ]) {
      assert.equal((read({ value: wire }) as { value: Date }).value.toISOString(), instant);
    }
  });

  it('each format of text tells right from wrong', () => {
    const formats: [Parameters<typeof t.string>[0] & object, string[], string[]][] = [
      [{ format: 'date' }, ['2024-02-29'], ['2023-02-29', '2024-2-9', '2024-02-29T00:00:00Z']],
      [{ format: 'date-time' }, ['2024-02-29T00:00:00.123456Z'], ['2024-02-29']],
      [{ format: 'email' }, ['a@example.org', 'a.b+c@x.y.z'], ['@x', 'a@', 'a b@x', 'a@-x']],
      [{ format: 'uri' }, ['https://example.org/a?b#c', 'urn:x:y'], ['/a', 'x', 'http://', 'a b:c']],
      [{ format: 'hostname' }, ['a-b.example'], ['-a', 'a..b', 'a_b', '']],
      [{ format: 'ipv6' }, ['::1'], ['10.0.0.1', ':::']],
      [{ format: 'uuid' }, [UUID], ['x']],
    ];
    for (const [constraints, right, wrong] of formats) {
      const Box = box(t.string(constraints));
      const read = graphOf(Box).reader(Box, '3.4');
      for (const value of right) read({ value });
      for (const value of wrong) failsWith('INVALID', () => read({ value }));
    }
  });

  it('what cannot work is refused when the type is made', () => {
    failsWith('DECLARATION', () => t.enum(['a', 'a']));
    failsWith('DECLARATION', () => t.enum(['a'], { added: { '1.1': ['b' as 'a'] } }));
    failsWith('DECLARATION', () => t.enum(['a', 'b'], { added: { '1.1': { b: 'c' as 'a' } } }));
    failsWith('DECLARATION', () => t.enum(['a', 'b'], { added: { '1.x': ['b'] } as never }));
    failsWith('DECLARATION', () => t.union('kind', { card: () => Card }, { added: { '1.1': ['cash' as 'card'] } }));
    failsWith('DECLARATION', () => t.either(t.string()));
    failsWith('DECLARATION', () => t.either(t.string(), t.datetime()));
    failsWith('DECLARATION', () => t.string({ pattern: '(' }));
  });
});
