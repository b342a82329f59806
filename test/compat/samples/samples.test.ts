import assert from 'node:assert/strict';
import fc from 'fast-check';
import { LynchpinError } from 'lynchpin';
import {
  arbitraryOf,
  declaredIn,
  edgesOf,
  sampleOf,
  shapesOfApi,
  surfaceOf,
  type FieldFacts,
  type Shapes,
} from '#lynchpin/compat/index.js';
import { ObjectGraph } from '#lynchpin/objects/index.js';
import { Contract } from '#lynchpin/rpc/index.js';
import * as cinder from '../../../examples/cinder-volume/contract/index.js';
import { zooApi } from '../support/zoo-api.js';

const SEED = 20_261_122;

for (const [what, module, api] of [
  ["Cinder's contract", cinder, cinder.VolumeApi],
  ['a contract with every type of field', zooApi, zooApi.ZooApi],
] as const) {
  describe(`samples of ${what}`, () => {
    const contract = Contract.of(api);
    const surface = surfaceOf(declaredIn(module));
    const graph = new ObjectGraph({ of: 'SamplesApi', line: contract.line, carries: contract.record.carries });
    for (const record of contract.graph.records) graph.add(record.class, { direction: 'in', where: record.name });

    for (const version of [contract.line.floor, contract.line.versions[contract.line.versions.length >> 1]!, contract.line.head]) {
      it(`are valid at ${version}, whether sampled, at an edge, by chance or made smaller`, () => {
        const facts = surface.apis[0]!.entries.get(version)!.facts;
        const shapes = shapesOfApi(facts, (name, at) => surface.objects.find((object) => object.name === name)?.entries.get(at)?.facts);
        for (const { name, class: owner } of contract.graph.records) {
          if (shapes[name] === undefined) continue;
          const check = graph.converter(owner, version, version);
          const wire = arbitraryOf({ name, shapes });
          for (const value of [sampleOf({ name, shapes }), ...edgesOf({ name, shapes }), ...fc.sample(wire, { numRuns: 10, seed: SEED })]) {
            assert.doesNotThrow(() => check(value), `${name}: ${JSON.stringify(value)}`);
          }
          const [some] = fc.sample(wire, { numRuns: 1, seed: SEED });
          let count = 0;
          for (const { value } of wire.shrink(some!, undefined)) {
            if (++count > 40) break;
            assert.doesNotThrow(() => check(value), `${name}, made smaller: ${JSON.stringify(value)}`);
          }
        }
      });
    }
  });
}

describe('samples', () => {
  it('are the same every time, and a field that is added changes none of the others', () => {
    const before = { note: field({ kind: 'string' }), size: field({ kind: 'integer' }) };
    const after = { added: field({ kind: 'integer' }), ...before };
    const first = sampleOf({ name: 'Box', shapes: { Box: before } }) as object;
    const { added, ...second } = sampleOf({ name: 'Box', shapes: { Box: after } }) as { added: number };
    assert.equal(typeof added, 'number');
    assert.deepEqual(second, first);
    assert.deepEqual(edgesOf({ name: 'Box', shapes: { Box: after } }), edgesOf({ name: 'Box', shapes: { Box: after } }));
  });

  it('begin with the edges that functions forget', () => {
    const shapes: Shapes = {
      Box: {
        note: field({ kind: 'nullable', inner: { kind: 'string', maxLength: 3 } }, 'optional'),
        count: field({ kind: 'integer', minimum: 0 }),
        state: field({ kind: 'enum', values: ['new', 'old'] }),
        parts: field({ kind: 'list', item: { kind: 'integer' } }),
      },
    };
    const edges = edgesOf({ name: 'Box', shapes }) as unknown as { note?: string | null; count: number; state: string; parts: number[] }[];
    const has = (what: string, test: (edge: (typeof edges)[number]) => boolean): void => assert.ok(edges.some(test), what);
    has('absent', (edge) => edge.note === undefined);
    has('null', (edge) => edge.note === null);
    has('empty text', (edge) => edge.note === '');
    has('astral text at its limit', (edge) => edge.note === '😀😀😀');
    has('minus zero', (edge) => Object.is(edge.count, -0));
    has('the largest whole number', (edge) => edge.count === Number.MAX_SAFE_INTEGER);
    for (const state of ['new', 'old']) has(state, (edge) => edge.state === state);
    has('an empty list', (edge) => edge.parts.length === 0);
    has('a list of one', (edge) => edge.parts.length === 1);
  });

  it('shrink to the simplest value that still fails', () => {
    const shapes: Shapes = {
      Box: {
        name: field({ kind: 'string' }, 'optional'),
        note: field({ kind: 'nullable', inner: { kind: 'string' } }),
        parts: field({ kind: 'list', item: { kind: 'object', of: 'Part' } }),
      },
      Part: { count: field({ kind: 'integer', minimum: 0 }), colour: field({ kind: 'enum', values: ['red', 'blue'] }, 'optional') },
    };
    const run = fc.check(
      fc.property(arbitraryOf({ name: 'Box', shapes }), (box) =>
        (box as unknown as { parts: { count: number }[] }).parts.every(({ count }) => count < 7),
      ),
      { seed: SEED, numRuns: 300 },
    );
    assert.deepEqual(run.counterexample, [{ note: null, parts: [{ count: 7 }] }]);
  });

  it('respect a pattern that can be turned round, and say which field has one that cannot', () => {
    const textOf = (pattern: string): Shapes => ({ Box: { code: field({ kind: 'string', pattern }) } });
    for (const pattern of [
      '^[A-Z]{3}-\\d{4}$',
      '^(?:ab|c)+x?$',
      '^\\p{L}{2,5}$',
      '^[^a-z]{1,3}\\.[\\w-]+$',
      '^(?<year>\\d{4})\\/\\x41\\u0042$',
      '^a.c$',
    ])
      for (const value of fc.sample(arbitraryOf({ name: 'Box', shapes: textOf(pattern) }), { numRuns: 50, seed: SEED }))
        assert.match((value as unknown as { code: string }).code, new RegExp(pattern, 'u'));
    const hopeless = textOf('^(?=x{9}y)(a|b)\\1$');
    assert.throws(
      () => sampleOf({ name: 'Box', shapes: hopeless }),
      (error) => error instanceof LynchpinError && error.code === 'DECLARATION' && error.details['field'] === 'code',
    );
    const arbitraries = { 'Box.code': fc.constantFrom('xxxxxxxxxy', 'b') };
    assert.match((sampleOf({ name: 'Box', shapes: hopeless, arbitraries }) as unknown as { code: string }).code, /^(xxxxxxxxxy|b)$/);
  });

  it('are made of big numbers however far out their bounds lie', () => {
    const far = (10n ** 40n).toString();
    for (const bounds of [{ minimum: far }, { maximum: `-${far}` }]) {
      const shapes: Shapes = { Box: { size: field({ kind: 'bigint', ...bounds }) } };
      for (const { size } of edgesOf({ name: 'Box', shapes }) as readonly { size: string }[])
        assert.ok(bounds.minimum === undefined ? BigInt(size) <= -(10n ** 40n) : BigInt(size) >= 10n ** 40n);
    }
  });

  it('are refused of lists that must hold more different items than there are', () => {
    const flags = { kind: 'list', item: { kind: 'boolean' }, uniqueItems: true } as const;
    const shapes = (minItems: number): Shapes => ({ Box: { flags: field({ ...flags, minItems }) } });
    assert.equal((edgesOf({ name: 'Box', shapes: shapes(2) })[0] as unknown as { flags: boolean[] }).flags.length, 2);
    assert.throws(
      () => edgesOf({ name: 'Box', shapes: shapes(3) }),
      (error) => error instanceof LynchpinError && error.code === 'DECLARATION' && error.details['field'] === 'flags',
    );
  });

  it('end where a class leads back to itself, and say so where it never ends', () => {
    const node = { kind: 'object', of: 'Node' } as const;
    const circles: Shapes = { Node: { next: field({ kind: 'nullable', inner: node }), all: field({ kind: 'list', item: node }) } };
    assert.deepEqual(edgesOf({ name: 'Node', shapes: circles })[0], { next: null, all: [] });
    for (const value of fc.sample(arbitraryOf({ name: 'Node', shapes: circles }), { numRuns: 50, seed: SEED }))
      assert.ok(JSON.stringify(value).split('next').length < 40);
    assert.throws(
      () => sampleOf({ name: 'Node', shapes: { Node: { next: field(node) } } }),
      (error) => error instanceof LynchpinError && error.code === 'DECLARATION',
    );
  });
});

function field(type: FieldFacts['type'], presence: FieldFacts['presence'] = 'required'): FieldFacts {
  return { type, presence };
}
