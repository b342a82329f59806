import fc from 'fast-check';
import { recordOf, type TypeNode } from '#lynchpin/objects/index.js';
import type { Class } from 'lynchpin';

/** Values of a type, as programs have them. `depth` bounds how deep objects nest. */
function valuesOf(type: TypeNode, depth: number): fc.Arbitrary<unknown> {
  switch (type.kind) {
    case 'string':
      return fc
        .string({ unit: 'grapheme', minLength: type.minLength ?? 0, maxLength: type.maxLength ?? 12 })
        .filter((text) => Array.from(text).length <= (type.maxLength ?? Infinity));
    case 'integer':
      return fc.integer({ min: type.minimum ?? -(2 ** 31), max: type.maximum ?? 2 ** 31 - 1 });
    case 'number':
      return fc.double({ min: type.minimum ?? -1e9, max: type.maximum ?? 1e9, noNaN: true }).map((value) => value + 0);
    case 'bigint':
      return fc.bigInt({ min: type.minimum ?? -(2n ** 80n), max: type.maximum ?? 2n ** 80n });
    case 'boolean':
      return fc.boolean();
    case 'uuid':
      return fc.uuid();
    case 'datetime':
      return fc.date({ min: new Date('0000-01-01T00:00:00.000Z'), max: new Date('9999-12-31T23:59:59.999Z'), noInvalidDate: true });
    case 'bytes':
      return fc.uint8Array({ minLength: type.minLength ?? 0, maxLength: type.maxLength ?? 9 }).map((bytes) => new Uint8Array(bytes));
    case 'json':
      return fc
        .jsonValue({ maxDepth: 2, noUnicodeString: true })
        .map((value) => JSON.parse(JSON.stringify(value).replaceAll('__proto__', 'proto')) as unknown);
    case 'enum':
      return fc.constantFrom(...type.values);
    case 'list':
      return fc.array(valuesOf(type.item, depth), {
        minLength: type.minItems ?? 0,
        maxLength: Math.min(type.maxItems ?? 3, depth > 0 ? 3 : 0),
      });
    case 'map':
      return fc.dictionary(
        fc.string({ maxLength: 4 }).filter((key) => key !== '__proto__'),
        valuesOf(type.value, depth),
        { maxKeys: depth > 0 ? 2 : 0, noNullPrototype: true },
      );
    case 'nullable':
      return depth > 0 ? fc.option(valuesOf(type.inner, depth), { nil: null }) : fc.constant(null);
    case 'object':
      return literalsOf(type.of(), depth - 1);
    case 'union':
      return fc.oneof(...type.variants.map((variant) => literalsOf(variant.of(), depth - 1)));
    case 'either':
      return fc.oneof(...type.options.map((option) => valuesOf(option, depth)));
  }
}

/** Literals of a declared class, in which fields that may be left out sometimes are. */
export function literalsOf(owner: Class, depth = 2): fc.Arbitrary<Record<string, unknown>> {
  const fields = recordOf(owner, 'an arbitrary').fields.filter((field) => field.until === undefined);
  const model = Object.fromEntries(
    fields.map((field) => [field.name, depth < 0 && !isRequired(field) ? fc.constant(undefined) : valuesOf(field.type, depth)]),
  );
  return fc.record(model, { requiredKeys: fields.filter(isRequired).map((field) => field.name), noNullPrototype: true });
}

function isRequired(field: { readonly optional: boolean; readonly default: unknown }): boolean {
  return !field.optional && field.default === undefined;
}
