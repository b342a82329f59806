import assert from 'node:assert/strict';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { defineApi, defineMessage, t } from 'lynchpin';
import { apiDocument, objectDocument, type Exported } from '#lynchpin/cli/report/json-schema.js';
import { declaredIn, entriesOf, pathOf, recordedSchemas, surfaceOf } from '#lynchpin/compat/index.js';
import * as cinder from '../../examples/cinder-volume/contract/index.js';
import * as zoo from '../compat/support/zoo-and-vet.js';

/** A message in a message, which no other contract of the tests has. */
class Inner {
  declare text: string;
}
defineMessage(Inner, { fields: { text: t.string() } });
class Outer {
  declare inner: Inner;
}
defineMessage(Outer, { fields: { inner: t.object(() => Inner) } });
class NestApi {
  declare put: (request: Outer) => Promise<void>;
}
defineApi(NestApi, { topic: 'nest', version: '1.0', methods: { put: { takes: Outer } } });

function exported(module: object): Exported {
  const surface = surfaceOf(declaredIn(module));
  return { surface, recorded: { origin: 'test', entries: entriesOf(surface) }, schemas: recordedSchemas, pathOf };
}

function documents(given: Exported) {
  const { objects, apis } = given.surface;
  return [
    ...objects.flatMap((object) => object.versions.map((version) => objectDocument(given, object, version))),
    ...apis.flatMap((api) => api.versions.map((version) => apiDocument(given, api, version))),
  ];
}

/** Every definition of a document compiles, with nothing beside it. */
function compiles(schema: Readonly<Record<string, unknown>>): void {
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  ajv.addSchema(schema);
  for (const name of Object.keys((schema['$defs'] ?? {}) as object))
    ajv.compile({ $ref: `${String(schema['$id'])}#/$defs/${encodeURIComponent(name)}` });
}

describe('exported schemas', () => {
  for (const [what, module] of Object.entries({ cinder, zoo, nest: { NestApi } })) {
    it(`of ${what} stand alone, each under a name of its own`, () => {
      const all = documents(exported(module)).map((document) => document ?? assert.fail('a document is missing'));
      assert.ok(all.length > 0);
      assert.equal(new Set(all.map(({ path }) => path)).size, all.length);
      // Newest and oldest: what lies between has nothing that neither of them has.
      for (const { schema } of [all.at(-1), all[0]].flatMap((one) => one ?? [])) compiles(schema);
    });
  }

  it('of a message that holds another refer to it', () => {
    const given = exported({ NestApi });
    const [document] = documents(given);
    const validate = new Ajv2020({ strict: false })
      .addSchema(document?.schema ?? {})
      .compile({ $ref: `${String(document?.schema['$id'])}#/$defs/takes%20Outer` });
    assert.deepEqual([validate({ inner: { text: '' } }), validate({ inner: { text: 1 } }), validate({ inner: {} })], [true, false, false]);
  });

  it('are seen to dangle when a definition is left out', () => {
    const [document] = documents(exported({ NestApi }));
    const { Inner: _left, ...rest } = (document?.schema['$defs'] ?? {}) as Record<string, unknown>;
    assert.throws(() => compiles({ ...document?.schema, $defs: rest }), /resolve/);
  });
});
