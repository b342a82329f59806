import assert from 'node:assert/strict';
import { defineMessage, defineObject, Lossy, t, VersionedObject, type AnyFieldType, type Class } from 'lynchpin';
import type { FieldOptions } from '#lynchpin/objects/index.js';
import { failsWith } from './codes.js';
import { graphOf } from './api.js';

interface Given {
  readonly fields?: Readonly<Record<string, AnyFieldType | readonly [AnyFieldType, FieldOptions<never>]>>;
  readonly version?: string;
  readonly [option: string]: unknown;
}

/** A class that is declared as given. What is wrong is wrong on purpose, so types are left aside. */
function object(name: string, given: Given): Class {
  const owner = { [name]: class {} }[name] as Class<object>;
  return defineObject(owner, { version: '1.3', fields: {}, ...given } as never);
}

function message(name: string, given: Given): Class {
  const owner = { [name]: class {} }[name] as Class<object>;
  return defineMessage(owner, { fields: {}, ...given } as never);
}

const same = (data: object): object => data;

describe('a declaration is refused where the class is defined', () => {
  const cases: Record<string, () => unknown> = {
    'a misspelt option of a field': () => object('X', { fields: { a: [t.string(), { sinse: '1.1' } as never] } }),
    'a misspelt option of an earlier name': () =>
      object('X', { fields: { a: [t.string(), { was: { untill: '1.1', until: '1.1', name: 'b' } } as never] } }),
    'a misspelt option of an object': () => object('X', { flor: '1.1' }),
    'a misspelt option of a message': () => message('X', { version: '1.0' }),
    'a field that every object has already': () => object('X', { fields: { toString: t.string() } as never }),
    'since beyond the newest version': () => object('X', { fields: { a: [t.string(), { since: '1.4', default: '' as never }] } }),
    'since below the floor': () => object('X', { floor: '1.2', fields: { a: [t.string(), { since: '1.1', default: '' as never }] } }),
    'since that is no version': () => object('X', { fields: { a: [t.string(), { since: '1' as never }] } }),
    'until beyond the newest version': () => object('X', { fields: { a: [t.string(), { until: '1.4', default: '' as never }] } }),
    'until at the floor': () => object('X', { floor: '1.2', fields: { a: [t.string(), { until: '1.2', default: '' as never }] } }),
    'until before since': () => object('X', { fields: { a: [t.string(), { since: '1.2', until: '1.1', default: '' as never }] } }),
    'until at since': () => object('X', { fields: { a: [t.string(), { since: '1.2', until: '1.2', default: '' as never }] } }),
    'a new required field without default': () => object('X', { fields: { a: [t.string(), { since: '1.2' }] } }),
    'a new required field whose upgrade is for another step': () =>
      object('X', { fields: { a: [t.string(), { since: '1.2' }] }, upgrades: [{ from: '1.2', to: '1.3', run: same }] }),
    'a field that ends, required and without default': () => object('X', { fields: { a: [t.string(), { until: '1.2' }] } }),
    'optional with a default': () => object('X', { fields: { a: [t.string(), { optional: true, default: '' as never }] } }),
    'ignorable and reject': () =>
      object('X', { fields: { a: [t.string(), { since: '1.1', default: '' as never, ignorable: true, whenPinned: 'reject' }] } }),
    'a deprecation since a version that is still to come': () =>
      object('X', { fields: { a: [t.string(), { deprecated: { since: '1.4' } }] } }),
    'a deprecation since no version': () => object('X', { fields: { a: [t.string(), { deprecated: { since: 'soon' as never } }] } }),
    'a deprecation without since': () => object('X', { fields: { a: [t.string(), { deprecated: {} as never }] } }),
    'a deprecation before the field began': () =>
      object('X', { fields: { a: [t.string(), { since: '1.2', default: '' as never, deprecated: { since: '1.1' } }] } }),
    'a removal in the version that announces it': () =>
      object('X', { fields: { a: [t.string(), { deprecated: { since: '1.2', removeIn: '1.2' } }] } }),
    'a misspelt option of a deprecation': () =>
      object('X', { fields: { a: [t.string(), { deprecated: { since: '1.2', instead: 'b' } as never }] } }),
    'a backport from a version that does not exist': () => object('X', { backports: [{ from: '1.9', to: '1.8', run: same }] }),
    'a backport that skips a version': () => object('X', { backports: [{ from: '1.3', to: '1.1', run: same }] }),
    'a backport that goes up': () => object('X', { backports: [{ from: '1.1', to: '1.2', run: same }] }),
    'an upgrade that goes down': () => object('X', { upgrades: [{ from: '1.2', to: '1.1', run: same }] }),
    'a backport from the floor': () => object('X', { backports: [{ from: '1.0', to: '0.9', run: same }] }),
    'two backports of one step': () =>
      object('X', {
        backports: [
          { from: '1.2', to: '1.1', run: same },
          { from: '1.2', to: '1.1', run: same },
        ],
      }),
    'an earlier name until the same version twice': () =>
      object('X', {
        fields: {
          a: [
            t.string(),
            {
              was: [
                { until: '1.2', name: 'b' },
                { until: '1.2', name: 'c' },
              ],
            },
          ],
        },
      }),
    'an earlier name that says nothing': () => object('X', { fields: { a: [t.string(), { was: { until: '1.2' } }] } }),
    'an earlier name until a version that does not exist': () =>
      object('X', { fields: { a: [t.string(), { was: { until: '1.7', name: 'b' } }] } }),
    'an earlier name before the field began': () =>
      object('X', { fields: { a: [t.string(), { since: '1.2', default: '' as never, was: { until: '1.2', name: 'b' } }] } }),
    'an earlier name after the field ended': () =>
      object('X', { fields: { a: [t.string(), { until: '1.2', default: '' as never, was: { until: '1.2', name: 'b' } }] } }),
    'two fields of one name at one version': () =>
      object('X', { fields: { a: [t.string(), { was: { until: '1.2', name: 'b' } }], b: t.string() } }),
    'an enum value since a version that does not exist': () =>
      object('X', { fields: { a: t.list(t.enum(['x', 'y'], { added: { '2.0': ['y'] } })) } }),
    'a floor above the version': () => object('X', { version: '1.3', floor: '1.4' }),
    'a floor in an earlier major without its last minor': () => object('X', { version: '2.1', floor: '1.4' }),
    'a version that is none': () => object('X', { version: '1.03' }),
    'no version': () => object('X', { version: undefined as never }),
    'a class without a name': () => defineObject(class {}, { version: '1.0', fields: {} }),
    'a field without a type': () => object('X', { fields: { a: undefined as never } }),
    'a field that would change prototypes': () => object('X', { fields: { ['__proto__']: t.string() } }),
    'a loss of a field that is not there': () =>
      object('X', { fields: { colour: t.string() }, losses: [{ from: '1.1', to: '1.0', fields: ['color'], reason: 'x' }] }),
    'a loss without a reason': () =>
      object('X', { fields: { a: t.string() }, losses: [{ from: '1.1', to: '1.0', fields: ['a'], reason: ' ' }] }),
    'a class that is declared twice': () => defineObject(object('X', {}) as Class<object>, { version: '1.0', fields: {} }),
    'a step that is not a function': () => object('X', { backports: [{ from: '1.1', to: '1.0', run: { name: 'x' } }] }),
  };
  for (const [name, declare] of Object.entries(cases)) it(name, () => failsWith('DECLARATION', declare));

  it('and a correct one is not', () => {
    object('Fine', {
      floor: '1.1',
      fields: {
        a: [
          t.string(),
          {
            was: [
              { until: '1.2', name: 'b' },
              { until: '1.3', name: 'c' },
            ],
          },
        ],
        b: [t.string(), { since: '1.2', default: '' as never }],
        d: [t.string(), { since: '1.3' }],
        e: [t.string(), { until: '1.3' }],
      },
      upgrades: [{ from: '1.2', to: '1.3', run: same }],
      backports: [{ from: '1.3', to: '1.2', run: same }],
    });
  });

  it('the message names class, field, version and remedy, and the nearest name for a misspelt one', () => {
    const { message: text, details } = failsWith('DECLARATION', () =>
      object('Volume', { fields: { tier: [t.string(), { since: '1.2' }] } }),
    );
    assert.deepEqual(details, {
      class: 'Volume',
      field: 'tier',
      version: '1.2',
      kind: 'object',
      problem: 'begins-unfilled',
      of: 'Volume',
      before: '1.1',
    });
    for (const part of ['Volume.tier', '1.2', '1.1', 'default', '@Upgrade']) assert.ok(text.includes(part), text);
    const misspelt = failsWith('DECLARATION', () =>
      object('Volume', { fields: { colour: t.string() }, losses: [{ from: '1.1', to: '1.0', fields: ['color'], reason: 'x' }] }),
    );
    assert.match(misspelt.message, /Did you mean colour\?/);
  });

  it('decorators on the wrong kind of thing', () => {
    failsWith('DECLARATION', () =>
      (VersionedObject({ version: '1.0' }) as (a: unknown, b: unknown) => void)({ constructor: class Z {} }, 'field'),
    );
    failsWith('DECLARATION', () =>
      (Lossy({ from: '1.1', to: '1.0', fields: ['x'], reason: 'y' }) as (a: unknown, b: unknown) => void)(class {}, {
        kind: 'class',
        name: 'A',
        addInitializer: () => {},
      }),
    );
  });
});

describe('a declaration is refused where the graph is checked', () => {
  const Leaf = object('Leaf', { fields: { a: t.string() } });
  const Plain = message('Plain', { fields: { a: t.string() } });
  const both = (first: Class, second: Class): Class =>
    message('Both', { fields: { first: t.object(() => first as never), second: t.object(() => second as never) } });
  const carrying = { '3.1': { Leaf: '1.3' } } as const;

  const cases: Record<string, () => unknown> = {
    'since of a message beyond the API': () =>
      graphOf(message('M', { fields: { a: [t.string(), { since: '3.9', default: '' as never }] } })).check(),
    'a new required field of a message': () => graphOf(message('M', { fields: { a: [t.string(), { since: '3.1' }] } })).check(),
    'a backport of a message on a line of its own': () =>
      graphOf(message('M', { backports: [{ from: '1.1', to: '1.0', run: same }] })).check(),
    'a class that is not declared': () => graphOf(message('M', { fields: { a: t.object(() => class Nothing {}) } })).check(),
    'a class that is not there yet': () => graphOf(message('M', { fields: { a: t.list(t.object(() => undefined as never)) } })).check(),
    'two classes of one name': () => graphOf(both(object('Same', {}), object('Same', {})), { '3.0': { Same: '1.3' } }).check(),
    'a message inside an object': () => graphOf(object('O', { version: '1.0', fields: { a: t.object(() => Plain as never) } })).check(),
    'a default of another type': () => graphOf(message('M', { fields: { a: [t.integer(), { default: 'x' as never }] } })).check(),
    'a default that breaks its own bounds': () =>
      graphOf(message('M', { fields: { a: [t.integer({ maximum: 1 }), { default: 2 as never }] } })).check(),
    'a default function that does': () =>
      graphOf(message('M', { fields: { a: [t.list(t.string(), { minItems: 1 }), { default: (() => []) as never }] } })).check(),
    'a default that cannot be written': () => graphOf(message('M', { fields: { a: [t.datetime(), { default: 'now' as never }] } })).check(),
    'a union whose class lacks the tag': () =>
      graphOf(message('M', { fields: { a: t.union('kind', { x: () => Plain as never }) } })).check(),
    'a union whose class has another tag': () =>
      graphOf(
        message('M', { fields: { a: t.union('kind', { x: () => message('N', { fields: { kind: t.enum(['y']) } }) as never }) } }),
      ).check(),
    'a union whose tag came later': () =>
      graphOf(
        message('M', {
          fields: {
            a: t.nullable(
              t.union('kind', {
                x: () => message('N', { fields: { kind: [t.enum(['x']), { since: '3.1', default: 'x' as never }] } }) as never,
              }),
            ),
          },
        }),
      ).check(),
    'a changed type that shares no values, without functions': () =>
      graphOf(message('M', { fields: { a: [t.integer(), { was: { until: '3.1', type: t.string() } }] } })).check(),
    'carries at a version that the API does not have': () => graphOf(Leaf, { ...carrying, '4.0': { Leaf: '1.3' } }).check(),
    'carries of a version that the object does not have': () => graphOf(Leaf, { '3.1': { Leaf: '1.4' } }).check(),
    'carries of something unknown': () => graphOf(Leaf, { ...carrying, '3.2': { Laef: '1.3' } }).check(),
    'carries that goes backwards': () =>
      graphOf(Leaf, { '3.10': { Leaf: '1.3' }, '3.9': { Leaf: '1.2' }, '3.2': { Leaf: '1.3' } }, '3.10').check(),
    'carries that forgets an object with a history': () => graphOf(Leaf).check(),
    'a shape that was never added': () => graphOf(Leaf, carrying).writer(Plain, '3.0'),
  };
  for (const [name, check] of Object.entries(cases)) it(name, () => failsWith('DECLARATION', check));

  it('and a correct one is not', () => {
    graphOf([Leaf, Plain, t.nullable(t.object(() => Leaf as never))], carrying).check();
    graphOf(Leaf, { '3.10': { Leaf: '1.3' }, '3.9': { Leaf: '1.2' } }, '3.10').check();
    graphOf(message('M', { fields: { a: [t.nullable(t.enum(['x'])), { was: { until: '3.1', type: t.string() } }] } })).check();
  });

  it('checks again when something is added', () => {
    const graph = graphOf(Plain);
    graph.check();
    graph.add(Leaf, { direction: 'out', where: 'TestApi.other returns' });
    failsWith('DECLARATION', () => graph.check());
  });

  it('names the known objects, and the nearest', () => {
    const { message: text } = failsWith('DECLARATION', () => graphOf(Leaf, { ...carrying, '3.2': { Laef: '1.3' } }).check());
    assert.match(text, /Did you mean Leaf\? Known: Leaf\./);
  });
});
