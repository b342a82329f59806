import assert from 'node:assert/strict';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import {
  declaredIn,
  entriesOf,
  RecordedValidators,
  recordedEntry,
  recordedSchema,
  surfaceOf,
  type RecordedPlace,
} from '#lynchpin/compat/index.js';
import { FORMATS } from '#lynchpin/objects/schema/formats.js';
import type { Version } from '#lynchpin/versions/index.js';
import { graphOf, throughText } from '../../objects/api.js';
import { literalsOf } from '../../objects/arbitraries.js';
import { Animal, CARRIES, Feed, Fur, Sighting, VERSIONS } from '../../objects/zoo.js';
import * as zoo from '../support/zoo-and-vet.js';

const recorded = { origin: 'test', entries: entriesOf(surfaceOf(declaredIn(zoo))) };
const validators = new RecordedValidators(recorded);
const graph = graphOf([Animal, Sighting, Feed, Fur], CARRIES);
const animal = (version: Version): RecordedPlace => {
  const manifest = recordedEntry(recorded, 'api', 'zoo', version)?.facts.carries ?? {};
  return { kind: 'object', name: 'Animal', version: manifest['Animal'] ?? '0.0', manifest };
};

const plain = {
  id: '0b0c5f0e-0000-4000-8000-000000000000',
  name: 'Ada',
  weight: 1,
  cells: '10',
  genome: 'AAAA',
  seen: {},
  notes: null,
  skin: { kind: 'fur', colour: 'red' },
  matrix: [[true]],
  sightings: [],
};

describe('a recorded schema', () => {
  for (const version of VERSIONS) {
    it(`fits what is written at ${version}, with every object in it where that version carries it`, () => {
      const validate = validators.of(animal(version));
      const ajv = new Ajv2020({ strict: false, formats: FORMATS }).compile(recordedSchema(recorded, animal(version)) ?? false);
      fc.assert(
        fc.property(literalsOf(Animal), (value) => {
          const json = throughText(graph.writer(Animal, version, 'out')(value));
          assert.equal(validate?.(json), undefined);
          assert.ok(ajv(json), 'as one schema, by an Ajv of the test’s own');
        }),
        { numRuns: 40 },
      );
    });
  }

  it('is closed at every depth', () => {
    const validate = validators.of(animal('3.4'));
    assert.equal(validate?.(plain), undefined);
    assert.equal(validate?.({ ...plain, surplus: 1 })?.keyword, 'additionalProperties');
    assert.equal(validate?.({ ...plain, skin: { kind: 'fur', colour: 'red', length: 3 } })?.keyword, 'additionalProperties');
    assert.equal(validate?.({ ...plain, last: null })?.keyword, 'additionalProperties');
  });

  it('knows the bounds that JSON Schema has no words for', () => {
    const validate = validators.of(animal('3.4'));
    assert.equal(validate?.({ ...plain, cells: '-1' })?.keyword, 'lynchpin');
    assert.equal(validate?.({ ...plain, genome: Buffer.alloc(17).toString('base64') })?.keyword, 'lynchpin');
  });

  it('judges the objects in it at the version that the manifest says', () => {
    const scales = { ...plain, skin: { kind: 'scales', count: 2 } };
    assert.equal(validators.of(animal('3.4'))?.(scales), undefined);
    assert.equal(
      validators.of({ ...animal('3.4'), manifest: { ...CARRIES['3.4'], Fur: '1.0', Scales: '1.0' } } as RecordedPlace)?.(scales)?.keyword,
      'additionalProperties',
    );
  });

  it('is there for messages and answers, those in them included', () => {
    const feed = validators.of({ kind: 'message', topic: 'zoo', version: '3.3', name: 'Feed' });
    assert.equal(feed?.({ animals: [], food: 'hay', portion: { amount: 1 } }), undefined);
    assert.equal(feed?.({ animals: [], food: 'hay', portion: { amount: 1, unit: 'kg' } })?.keyword, 'additionalProperties');
    const look = validators.of({ kind: 'answer', topic: 'zoo', version: '3.1', method: 'peek' });
    assert.equal(look?.([{ at: '2026-01-01T00:00:00.000Z', latitude: 1, light: 'dusk' }]), undefined);
    assert.equal(look?.([{ at: '2026-01-01T00:00:00.000Z', latitude: 1, light: 'dawn' }])?.keyword, 'enum');
  });

  it('is compiled once for all places at which everything in it is the same', () => {
    const one = validators.of(animal('3.0'));
    assert.equal(validators.of(animal('3.0')), one);
    assert.equal(
      validators.of({
        ...animal('3.0'),
        manifest: { ...CARRIES['3.4'], Animal: '1.0', Sighting: '1.0', Scales: '1.0', Fur: '1.0' },
      } as RecordedPlace),
      one,
    );
    assert.notEqual(validators.of(animal('3.1')), one);
  });

  it('is not there where something in it is not recorded', () => {
    assert.equal(validators.of({ kind: 'object', name: 'Nobody', version: '1.0', manifest: {} }), undefined);
    assert.equal(validators.of({ kind: 'object', name: 'Animal', version: '1.3', manifest: {} }), undefined);
    assert.equal(validators.of({ kind: 'answer', topic: 'zoo', version: '3.4', method: 'feed' }), undefined);
    assert.equal(recordedSchema(recorded, { kind: 'message', topic: 'zoo', version: '9.9', name: 'Feed' }), undefined);
  });
});
