import assert from 'node:assert/strict';
import fc from 'fast-check';
import { LynchpinError, deserialize } from 'lynchpin';
import { literalsOf } from './arbitraries.js';
import { graphOf, throughText } from './api.js';
import { failsWith } from './codes.js';
import { Animal, CARRIES, Feed, VERSIONS } from './zoo.js';

const graph = graphOf([Animal, Feed], CARRIES);

/** Replaces one part of JSON, somewhere. */
function mutated(json: unknown, path: number, poison: unknown): unknown {
  const places: [holder: Record<string, unknown>, key: string][] = [];
  const copy = { root: throughText(json) };
  const visit = (holder: Record<string, unknown>): void => {
    for (const key of Object.keys(holder)) {
      places.push([holder, key]);
      const part = holder[key];
      if (typeof part === 'object' && part !== null) visit(part as Record<string, unknown>);
    }
  };
  visit(copy);
  const [holder, key] = places[path % places.length] as [Record<string, unknown>, string];
  if (poison === DELETE) delete holder[key];
  else Object.defineProperty(holder, key, { value: poison, enumerable: true, configurable: true, writable: true });
  return copy.root;
}

const DELETE = Symbol('delete');
const POISON: readonly unknown[] = [
  null,
  true,
  0,
  -0,
  1e308,
  2 ** 53,
  '',
  'x',
  '\ud800',
  '\udfff\ud800',
  [],
  {},
  [[]],
  [null],
  { kind: 'constructor' },
  { length: 1e9 },
  JSON.parse('{"__proto__":{"polluted":1}}'),
  JSON.parse('1e999'),
  DELETE,
];

function deep(levels: number): unknown {
  return JSON.parse('{"young":{"x":'.repeat(levels) + 'null' + '}}'.repeat(levels));
}

describe('hostile JSON', () => {
  afterEach(() => assert.equal(({} as { polluted?: unknown }).polluted, undefined));

  it('of any mutation is read as what it says or refused as INVALID, and nothing else ever', () => {
    let refused = 0;
    fc.assert(
      fc.property(
        literalsOf(Animal),
        fc.nat(),
        fc.constantFrom(...POISON),
        fc.constantFrom(...VERSIONS),
        (value, path, poison, version) => {
          const json = mutated(graph.writer(Animal, version, 'out')(value), path, poison);
          for (const read of [
            graph.reader(Animal, version),
            graph.converter(Animal, version, '3.4'),
            graph.converter(Animal, version, '3.0'),
          ]) {
            try {
              const result = read(json);
              assert.equal(Object.getPrototypeOf(result), read === graph.reader(Animal, version) ? Animal.prototype : Object.prototype);
            } catch (error) {
              assert.ok(LynchpinError.is(error, 'INVALID'), String(error));
              refused += 1;
            }
          }
        },
      ),
      { numRuns: 1000 },
    );
    assert.ok(refused > 500, `only ${refused} of 3000 were refused: the mutations are too tame`);
  });

  it('of any kind at all is refused as INVALID', () => {
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true, withSparseArray: true }), fc.constantFrom(...VERSIONS), (json, version) => {
        failsWith('INVALID', () => graph.reader(Animal, version)(json));
        failsWith('INVALID', () => deserialize(Animal, json));
      }),
      { numRuns: 500 },
    );
  });

  it('with a key __proto__ is refused wherever it is read', () => {
    const animal = throughText(graph.writer(Animal, '3.4', 'out')(fc.sample(literalsOf(Animal), { numRuns: 1, seed: 1 })[0])) as Record<
      string,
      unknown
    >;
    const poison = JSON.parse('{"__proto__":{"polluted":1}}') as object;
    for (const field of ['seen', 'young', 'notes', 'skin', 'sightings']) {
      failsWith('INVALID', () => graph.reader(Animal, '3.4')({ ...animal, [field]: field === 'sightings' ? [poison] : poison }));
    }
    failsWith('INVALID', () => graph.reader(Animal, '3.4')(JSON.parse(`{"__proto__":{"polluted":1},${JSON.stringify(animal).slice(1)}`)));
  });

  it('that is nested 100,000 levels deep is refused, wherever the levels are', () => {
    const animal = throughText(graph.writer(Animal, '3.4', 'out')(fc.sample(literalsOf(Animal), { numRuns: 1, seed: 1 })[0])) as Record<
      string,
      unknown
    >;
    const lists: unknown = JSON.parse('['.repeat(100_000) + ']'.repeat(100_000));
    failsWith('INVALID', () => graph.reader(Animal, '3.4')(deep(100_000)));
    failsWith('INVALID', () => graph.reader(Animal, '3.4')({ ...animal, notes: lists }));
    failsWith('INVALID', () => graph.reader(Animal, '3.4')({ ...animal, matrix: lists }));
    failsWith('INVALID', () => graph.converter(Animal, '3.4', '3.0')({ ...animal, notes: lists }));
    let chain: Record<string, unknown> = animal;
    for (let level = 0; level < 100_000; level++) chain = { ...animal, young: { x: chain } };
    failsWith('INVALID', () => graph.reader(Animal, '3.4')(chain));
    failsWith('INVALID', () => graph.reader(Animal, '3.0')(chain));
    failsWith('INVALID', () => graph.converter(Animal, '3.4', '3.0')(chain));
    failsWith('INVALID', () => graph.writer(Animal, '3.4')(chain));
  });

  it('does not reach a request either: what a caller writes is judged in the same way', () => {
    const write = graph.writer(Feed, '3.4');
    for (const request of [
      null,
      undefined,
      1,
      'x',
      [],
      {},
      { animals: null },
      { animals: [null] },
      { animals: [{}] },
      { animals: [], food: 1 },
      { animals: [], portion: { amount: '1' } },
    ]) {
      failsWith('INVALID', () => write(request));
    }
  });

  it('never names its contents in the error, only where and what', () => {
    const animal = throughText(graph.writer(Animal, '3.4', 'out')(fc.sample(literalsOf(Animal), { numRuns: 1, seed: 1 })[0])) as Record<
      string,
      unknown
    >;
    const { message, details } = failsWith('INVALID', () => graph.reader(Animal, '3.4')({ ...animal, weight: 'secret-7' }));
    assert.ok(!message.includes('secret') && !JSON.stringify(details).includes('secret'));
    assert.equal(details['path'], '/weight');
    assert.equal(details['version'], '3.4');
  });
});
