import assert from 'node:assert/strict';
import { defineObject, t } from 'lynchpin';
import { declaredIn, surfaceOf, type LiveApi, type LiveObject, type Surface } from '#lynchpin/compat/index.js';
import type { Version } from '#lynchpin/versions/index.js';
import * as zoo from '../support/zoo-and-vet.js';

const surface = surfaceOf(declaredIn(zoo));
const object = (name: string, of: Surface = surface): LiveObject => found(of.objects, name);
const api = (name: string): LiveApi => found(surface.apis, name);
const fields = (name: string, version: Version) => object(name).entries.get(version)?.facts.fields ?? {};

function found<T extends { readonly name: string }>(list: readonly T[], name: string): T {
  const one = list.find((candidate) => candidate.name === name);
  assert.ok(one, `there is no ${name}`);
  return one;
}

describe('the surface of some code', () => {
  it('holds every object that a contract reaches or a module exports, each once, and what is nested in them', () => {
    assert.deepEqual(
      surface.objects.map(({ name, entries }) => [name, [...entries.values()][0]?.direction]),
      [
        ['Animal', 'both'],
        ['Fur', 'both'],
        ['Scales', 'both'],
        ['Sighting', 'both'],
        ['Ticket', 'none'],
        ['Visitor', 'none'],
      ],
    );
    assert.deepEqual(
      surface.apis.map(({ name }) => name),
      ['vet', 'zoo'],
    );
    assert.deepEqual(surface.clashes, []);
  });

  it('tells which way an object travels', () => {
    const { entries } = object('Sighting', surfaceOf(declaredIn({ VetApi: zoo.VetApi })));
    assert.equal(entries.get('1.0')?.direction, 'out');
  });

  it('has every version of each line, over majors too', () => {
    assert.deepEqual(object('Ticket').versions, ['1.1', '1.2', '2.0']);
    assert.deepEqual([...object('Ticket').entries.keys()], ['1.1', '1.2', '2.0']);
    assert.deepEqual([...api('zoo').entries.keys()], ['3.0', '3.1', '3.2', '3.3', '3.4']);
  });

  it('calls fields by the name that they had at that version', () => {
    assert.ok('lat' in fields('Sighting', '1.0'));
    assert.ok('latitude' in fields('Sighting', '1.1'));
    assert.deepEqual(object('Sighting').conversions.renames, [{ name: 'latitude', was: 'lat', until: '1.1' }]);
  });

  it('lists the enum values and holds the fields of that version alone', () => {
    assert.deepEqual(fields('Sighting', '1.1')['light']?.type, { kind: 'enum', values: ['day', 'dusk', 'night'] });
    assert.equal(fields('Sighting', '1.1')['prey'], undefined);
    assert.deepEqual(fields('Sighting', '1.2')['prey'], {
      type: { kind: 'nullable', inner: { kind: 'object', of: 'Animal' } },
      presence: 'defaulted',
      default: null,
    });
    assert.deepEqual(object('Sighting').conversions.fallbacks, [
      { field: 'light', since: '1.1', value: 'dusk', instead: 'night' },
      { field: 'light', since: '1.2', value: 'dawn', instead: 'dusk' },
    ]);
  });

  it('gives types as they were, constraints in plain JSON, and defaults that a function makes as made', () => {
    assert.deepEqual(fields('Animal', '1.0')['weight']?.type, { kind: 'integer', minimum: 0, maximum: 1e6 });
    assert.deepEqual(fields('Animal', '1.1')['weight']?.type, { kind: 'number', minimum: 0, maximum: 1e6 });
    assert.deepEqual(fields('Animal', '1.0')['cells']?.type, { kind: 'bigint', minimum: '0' });
    assert.deepEqual(fields('Animal', '1.0')['skin']?.type, { kind: 'union', tag: 'kind', variants: { fur: 'Fur', scales: 'Scales' } });
    const { presence, made } = fields('Animal', '1.3')['matrix'] ?? {};
    assert.deepEqual({ presence, made }, { presence: 'defaulted', made: true });
    assert.doesNotThrow(() => JSON.stringify(surface.objects.map(({ entries }) => [...entries])));
  });

  it('gives a default in the words of the version', () => {
    const range = (version: Version) => api('zoo').entries.get(version)?.facts.messages['Look']?.fields['range']?.default;
    assert.equal(range('3.3'), 'aloft');
    assert.equal(range('3.2'), 'far');
  });

  it('leaves out a default that an older version cannot say', () => {
    class Door {
      state!: string;
      size!: number;
    }
    defineObject(Door, {
      version: '1.1',
      fields: {
        state: [t.enum(['open', 'ajar'], { added: { '1.1': ['ajar'] } }), { default: 'ajar' }],
        size: [t.integer(), { default: 500, was: { until: '1.1', type: t.integer({ maximum: 99 }) } }],
      } as never,
    });
    const { entries } = object('Door', surfaceOf(declaredIn({ Door })));
    assert.deepEqual(
      Object.values(entries.get('1.0')?.facts.fields ?? {}).map((field) => field.default),
      [undefined, undefined],
    );
    assert.deepEqual(
      Object.values(entries.get('1.1')?.facts.fields ?? {}).map((field) => field.default),
      ['ajar', 500],
    );
  });

  it('says of an API which methods it has at each version, and under which names', () => {
    const methods = (version: Version) => Object.keys(api('zoo').entries.get(version)?.facts.methods ?? {}).sort();
    assert.deepEqual(methods('3.0'), ['feed', 'oldest']);
    assert.deepEqual(methods('3.1'), ['feed', 'oldest', 'peek']);
    assert.deepEqual(methods('3.2'), ['feed', 'look', 'oldest']);
    assert.deepEqual(methods('3.4'), ['feed', 'look']);
    assert.deepEqual(api('zoo').renames, [{ name: 'look', was: 'peek', until: '3.2' }]);
    assert.deepEqual(api('zoo').ended, { oldest: '3.3' });
    const { facts } = api('zoo').entries.get('3.2') ?? {};
    assert.deepEqual(facts?.methods['look'], {
      takes: 'Look',
      returns: { kind: 'list', item: { kind: 'object', of: 'Sighting' } },
      idempotent: false,
    });
    assert.deepEqual(facts?.methods['feed'], { takes: 'Feed', idempotent: true });
    assert.deepEqual(facts?.errors, ['Asleep']);
  });

  it('counts in an API version only what is reached then: what comes later changes nothing before', () => {
    const messages = (version: Version) => Object.keys(api('zoo').entries.get(version)?.facts.messages ?? {}).sort();
    assert.deepEqual(messages('3.0'), ['Feed']);
    assert.deepEqual(messages('3.1'), ['Feed', 'Look']);
    assert.deepEqual(messages('3.3'), ['Feed', 'Look', 'Portion']);
    assert.deepEqual(api('vet').entries.get('1.0')?.facts.carries, { Animal: '1.3', Fur: '1.0', Scales: '1.1', Sighting: '1.2' });
    assert.deepEqual(api('zoo').entries.get('3.1')?.facts.carries, { Animal: '1.1', Fur: '1.0', Scales: '1.0', Sighting: '1.1' });
  });

  it('reports names that two classes have, and goes on with the first', () => {
    const make = () =>
      defineObject(
        class {
          x!: string;
        },
        { version: '1.0', name: 'Twin', fields: { x: t.string() } },
      );
    const { clashes, objects } = surfaceOf(declaredIn({ One: make(), Two: make() }));
    assert.deepEqual(
      clashes.map(({ kind, name, classNames }) => [kind, name, classNames.length]),
      [['object', 'Twin', 2]],
    );
    assert.equal(objects.length, 1);
  });

  it('comes from exports alone, a class once however often it is exported, and from what CommonJS exports', () => {
    const { contracts, objects } = declaredIn({ a: zoo.VetApi, b: zoo.VetApi, list: [zoo.Ticket], deep: { zoo } });
    assert.deepEqual([contracts.length, objects.length], [1, 0]);
    assert.equal(declaredIn({ default: { ...zoo } }).contracts.length, 2);
    assert.deepEqual(declaredIn(null), { contracts: [], objects: [] });
  });
});
