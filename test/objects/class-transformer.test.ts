import assert from 'node:assert/strict';
import { instanceToPlain, plainToInstance } from 'class-transformer';
import fc from 'fast-check';
import { forClassTransformer } from 'lynchpin/class-transformer';
import { literalsOf } from './arbitraries.js';
import { graphOf, throughText } from './api.js';
import { failsWith } from './codes.js';
import { Animal, CARRIES, Feed } from './zoo.js';

describe('class-transformer', () => {
  const graph = graphOf([Animal, Feed], CARRIES);
  before(() => forClassTransformer(Animal, Feed));

  for (const shape of [Animal, Feed]) {
    it(`makes of valid data the same ${shape.name} as Lynchpin does, and the same data of it`, () => {
      fc.assert(
        fc.property(literalsOf(shape), (value) => {
          const json = throughText(graph.writer(shape, '3.4', 'out')(value)) as object;
          const theirs: unknown = plainToInstance(shape as typeof Animal, json);
          assert.deepEqual(theirs, graph.reader(shape, '3.4')(json));
          assert.deepEqual(throughText(instanceToPlain(theirs)), json);
          assert.deepEqual(plainToInstance(shape as typeof Animal, json, { excludeExtraneousValues: true }), theirs);
        }),
        { numRuns: 60 },
      );
    });
  }

  it('fills defaults where data has none', () => {
    const feed = plainToInstance(Feed, { animals: [] });
    assert.equal(feed.food, 'hay');
    assert.ok(feed instanceof Feed);
  });

  it('leaves what does not fit for others to judge', () => {
    const animal = plainToInstance(Animal, { cells: 'many', genome: 7, seen: 'never', skin: null });
    assert.equal(animal.cells as unknown, 'many');
    assert.equal(animal.seen as unknown, 'never');
  });

  it('can be told twice, and refuses classes that are not declared', () => {
    forClassTransformer(Animal);
    failsWith('DECLARATION', () => forClassTransformer(class Other {}));
  });
});
