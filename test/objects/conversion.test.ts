import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { recordOf } from '#lynchpin/objects/index.js';
import { FORMATS } from '#lynchpin/objects/schema/formats.js';
import { compareVersions } from '#lynchpin/versions/index.js';
import { literalsOf } from './arbitraries.js';
import { graphOf, throughText } from './api.js';
import { Animal, CARRIES, Feed, Sighting, VERSIONS } from './zoo.js';

const RUNS = { numRuns: 60 };
const graph = graphOf([Animal, Sighting, Feed], CARRIES);
const ajv = new Ajv2020({ strict: false, formats: FORMATS });
const judges = new Map<string, ReturnType<Ajv2020['compile']>>();

/** Judges by the published schema, with an Ajv of the test's own: closed, and made of standard keywords. */
function fits(shape: typeof Animal | typeof Sighting | typeof Feed, version: (typeof VERSIONS)[number], json: unknown): void {
  const key = `${shape.name} ${version}`;
  let judge = judges.get(key);
  if (judge === undefined) judges.set(key, (judge = ajv.compile(graph.schema(shape, version))));
  assert.ok(judge(throughText(json)), `${key}: ${ajv.errorsText(judge.errors)} in ${JSON.stringify(json)}`);
}

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !ArrayBuffer.isView(value)) {
    for (const part of Object.values(value)) frozen(part);
    Object.freeze(value);
  }
  return value;
}

type Data = Record<string, unknown>;

// What may differ after a way down and up again, computed from the declarations alone and by other means than the plans.
function declaredLoss(name: string, record: ReturnType<typeof recordOf>, from: string, to: string): boolean {
  const field = record.fields.find((candidate) => candidate.name === name);
  if (field?.since !== undefined && compareVersions(field.since, to as never) > 0) return true;
  return record.losses.some(
    (loss) => loss.fields.includes(name) && compareVersions(loss.from, from as never) <= 0 && compareVersions(loss.to, to as never) >= 0,
  );
}

const FALLBACKS: Record<string, [value: string, since: string, instead: string][]> = {
  light: [
    ['dawn', '1.2', 'dusk'],
    ['dusk', '1.1', 'night'],
  ],
};

function compare(name: string, before: Data, after: Data, manifest: Readonly<Record<string, string>>): void {
  const owner = { Animal, Sighting }[name];
  if (owner === undefined) return;
  const record = recordOf(owner, 'this test');
  const [head, low] = [record.line?.head ?? '', manifest[name] ?? ''];
  for (const field of record.fields.filter((candidate) => candidate.until === undefined)) {
    if (declaredLoss(field.name, record, head, low)) continue;
    let expected = before[field.name];
    for (const [value, since, instead] of FALLBACKS[field.name] ?? [])
      if (expected === value && compareVersions(since as never, low as never) > 0) expected = instead;
    const got = after[field.name];
    if (field.name === 'young') {
      for (const [key, child] of Object.entries((expected ?? {}) as Record<string, Data>))
        compare('Animal', child, (got as Record<string, Data>)[key] ?? {}, manifest);
    } else if (field.name === 'sightings') {
      (expected as Data[]).forEach((child, at) => compare('Sighting', child, (got as Data[])[at] ?? {}, manifest));
    } else if (field.name === 'prey' && expected !== null && expected !== undefined) {
      compare('Animal', expected as Data, got as Data, manifest);
    } else if (field.name === 'skin' && manifest['Scales'] === '1.0' && (expected as Data)['kind'] === 'scales') {
      assert.deepEqual(got, { kind: 'scales', count: 0 });
    } else {
      assert.ok(
        isDeepStrictEqual(got, expected),
        `${name}.${field.name} was ${JSON.stringify(expected)} and is ${JSON.stringify(got)} after a way to ${low} and back`,
      );
    }
  }
}

describe('for any valid value', () => {
  for (const version of VERSIONS) {
    it(`what is written at ${version} fits the schema of ${version}, and can be read`, () => {
      for (const shape of [Animal, Sighting]) {
        fc.assert(
          fc.property(literalsOf(shape), (value) => {
            const json = graph.writer(shape, version, 'out')(frozen(value));
            fits(shape, version, json);
            assert.ok(graph.reader(shape, version)(throughText(json)) instanceof shape);
          }),
          RUNS,
        );
      }
    });

    it(`from the newest version to ${version} and back, exactly the declared is lost`, () => {
      fc.assert(
        fc.property(literalsOf(Animal), (value) => {
          const newest = throughText(graph.writer(Animal, '3.4', 'out')(value)) as Data;
          const down = graph.converter(Animal, '3.4', version)(frozen(newest));
          fits(Animal, version, down);
          const up = graph.converter(Animal, version, '3.4')(frozen(throughText(down)));
          fits(Animal, '3.4', up);
          compare('Animal', newest, up as Data, graph.manifest(version));
          // What an older peer has, it gets back as it was.
          assert.deepEqual(throughText(graph.converter(Animal, '3.4', version)(frozen(throughText(up)))), throughText(down));
        }),
        RUNS,
      );
    });
  }

  it('a loss that is not declared would be found', () => {
    const [value] = fc.sample(
      literalsOf(Animal, 2).filter((animal) => (animal['sightings'] as unknown[] | undefined)?.length === 1),
      { numRuns: 1, seed: 7 },
    );
    const newest = throughText(graph.writer(Animal, '3.4', 'out')(value)) as Data;
    const up = throughText(graph.converter(Animal, '3.2', '3.4')(graph.converter(Animal, '3.4', '3.2')(newest))) as Data;
    compare('Animal', newest, up, graph.manifest('3.2'));
    const sightings = up['sightings'] as Data[];
    for (const wrong of [
      { ...up, name: 'x' },
      { ...up, cells: undefined },
      { ...up, sightings: [] },
      { ...up, sightings: [{ ...sightings[0], light: 'night?' }] },
    ]) {
      assert.throws(() => compare('Animal', newest, wrong, graph.manifest('3.2')), assert.AssertionError);
    }
  });

  it('every version converts to every other, by whatever way, with the same result', () => {
    fc.assert(
      fc.property(
        literalsOf(Feed, 1),
        fc.constantFrom(...VERSIONS),
        fc.constantFrom(...VERSIONS),
        fc.constantFrom(...VERSIONS),
        (value, from, between, to) => {
          const start = throughText(graph.writer(Feed, from, 'out')(value));
          const direct = graph.converter(Feed, from, to)(frozen(start));
          fits(Feed, to, direct);
          const onTheWay = compareVersions(from, between) <= 0 === compareVersions(between, to) <= 0;
          if (onTheWay)
            assert.deepEqual(
              throughText(graph.converter(Feed, between, to)(frozen(throughText(graph.converter(Feed, from, between)(start))))),
              throughText(direct),
            );
        },
      ),
      { numRuns: 300 },
    );
  });

  it('instances and literals are written alike, and neither is changed', () => {
    fc.assert(
      fc.property(literalsOf(Animal), (value) => {
        const json = throughText(graph.writer(Animal, '3.4', 'out')(frozen(value)));
        const instance = graph.reader(Animal, '3.4')(frozen(json));
        assert.deepEqual(throughText(graph.writer(Animal, '3.4', 'out')(instance)), json);
        for (const version of VERSIONS)
          assert.deepEqual(graph.writer(Animal, version, 'out')(instance), graph.writer(Animal, version, 'out')(value));
      }),
      RUNS,
    );
  });

  it('an instance shares nothing with the JSON that it was read from', () => {
    fc.assert(
      fc.property(literalsOf(Animal), (value) => {
        const json = throughText(graph.writer(Animal, '3.4', 'out')(value)) as Data;
        const copy = structuredClone(json);
        const animal = graph.reader(Animal, '3.4')(json) as Animal;
        animal.seen['x'] = new Date(0);
        animal.matrix.forEach((row) => row.push(true));
        animal.sightings.push(new Sighting());
        if (typeof animal.notes === 'object' && animal.notes !== null && !Array.isArray(animal.notes)) (animal.notes as Data)['x'] = 1;
        assert.deepEqual(json, copy);
      }),
      RUNS,
    );
  });
});
