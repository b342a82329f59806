import assert from 'node:assert/strict';
import { t, type AnyFieldType, type Class } from 'lynchpin';
import { bumpFindings, declaredIn, surfaceOf, type Finding } from '#lynchpin/compat/index.js';
import { messageClass, orderClass, ordersApi } from '../support/orders.js';

/*
 * What the rules of minors say is held against what happens: each change is declared, and values are converted up and down as
 * a server or a client does. An error for what is sent to servers must come with a value that does not get up, one for what is
 * returned with a value that does not get down, and silence with values that all get through.
 */

interface Case {
  readonly change: string;
  readonly was: AnyFieldType;
  readonly is: AnyFieldType;
  /** Values of the older and of the newer type, the most awkward ones. */
  readonly older: readonly unknown[];
  readonly newer: readonly unknown[];
}

const short = t.string({ maxLength: 3 });
const long = t.string({ maxLength: 6 });
const ID = '3f0f3a44-35a4-4d5b-9b9a-4c3c7d0b8a11';

const CASES: readonly Case[] = [
  { change: 'nothing', was: t.string(), is: t.string(), older: ['', 'text'], newer: ['', 'text'] },
  { change: 'integer to number', was: t.integer(), is: t.number(), older: [1], newer: [1.5] },
  { change: 'number to integer', was: t.number(), is: t.integer(), older: [1.5], newer: [1] },
  { change: 'text to an enum', was: t.string(), is: t.enum(['a']), older: ['b'], newer: ['a'] },
  { change: 'an enum to text', was: t.enum(['a']), is: t.string(), older: ['a'], newer: ['b'] },
  { change: 'text to an id', was: t.string(), is: t.uuid(), older: ['b'], newer: [ID] },
  { change: 'text to any JSON', was: t.string(), is: t.json(), older: ['b'], newer: [{ a: [1] }] },
  { change: 'text to one of two types', was: t.string(), is: t.either(t.string(), t.integer()), older: ['b'], newer: [1] },
  { change: 'one of two types to text', was: t.either(t.string(), t.integer()), is: t.string(), older: [1], newer: ['b'] },
  { change: 'null allowed', was: t.string(), is: t.nullable(t.string()), older: [''], newer: [null] },
  { change: 'null forbidden', was: t.nullable(t.string()), is: t.string(), older: [null], newer: [''] },
  { change: 'null allowed in a list', was: t.list(t.string()), is: t.list(t.nullable(t.string())), older: [[''], []], newer: [[null]] },
  { change: 'a tighter limit', was: long, is: short, older: ['123456'], newer: ['123'] },
  { change: 'a looser limit', was: short, is: long, older: ['123'], newer: ['123456'] },
  { change: 'a new limit on a list', was: t.list(short), is: t.list(short, { maxItems: 1 }), older: [['a', 'b']], newer: [['a']] },
  { change: 'a value less', was: t.enum(['a', 'b']), is: t.enum(['a']), older: ['b'], newer: ['a'] },
  { change: 'a value more, without a stand-in', was: t.enum(['a']), is: t.enum(['a', 'b']), older: ['a'], newer: ['b'] },
];

/** The contract in which a field of an object or message was something else until 1.1. */
function declared(was: AnyFieldType, is: AnyFieldType, way: 'in' | 'out'): { readonly api: Class<object>; readonly shape: Class<object> } {
  const fields = { note: [is, { was: { until: '1.1', type: was } }] };
  if (way === 'in') {
    const Put = messageClass('Put', fields);
    return { api: ordersApi('1.1', { put: { takes: Put } }), shape: Put };
  }
  const Order = orderClass('1.1', fields);
  return { api: ordersApi('1.1', { get: { returns: Order } }, { carries: { '1.1': { Order: '1.1' } } }), shape: Order };
}

function told(api: Class<object>): readonly Finding[] {
  const { minors } = bumpFindings({ surface: surfaceOf(declaredIn({ api })), recorded: { origin: 'compat/', entries: [] } });
  return minors.filter(({ rule }) => rule !== 'object/enum-default-fallback-missing');
}

/** Whether some value does not get from one version to the other. */
function fails({ api, shape }: ReturnType<typeof declared>, from: '1.0' | '1.1', to: '1.0' | '1.1', values: readonly unknown[]): boolean {
  const [contract] = declaredIn({ api }).contracts;
  const convert = contract?.graph.converter(shape, from, to);
  return values.some((note) => {
    try {
      convert?.({ note });
      return false;
    } catch {
      return true;
    }
  });
}

describe('what the rules of minors say is what happens', () => {
  for (const { change, was, is, older, newer } of CASES) {
    it(`to ${change}`, () => {
      const [into, out] = [declared(was, is, 'in'), declared(was, is, 'out')];
      const [up, down] = [fails(into, '1.0', '1.1', older), fails(out, '1.1', '1.0', newer)];
      const level = (api: Class<object>) => told(api).map(({ severity }) => severity);
      assert.deepEqual(level(into.api), up ? ['error'] : down ? [change.startsWith('a value') ? 'warn' : 'info'] : []);
      assert.deepEqual(level(out.api), down ? ['error'] : up ? ['warn'] : []);
      assert.equal(fails(into, '1.1', '1.0', newer), down, 'a message gets down as an object does');
    });
  }

  it('is shown to fail: a value that gets through proves nothing', () => {
    const out = declared(short, long, 'out');
    assert.equal(fails(out, '1.1', '1.0', ['123']), false);
    assert.deepEqual(
      told(out.api).map(({ rule }) => rule),
      ['object/constraint-loosened'],
    );
  });
});
