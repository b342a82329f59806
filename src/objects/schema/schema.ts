import { LynchpinError } from '../../errors/index.js';
import type { Line, Version } from '../../versions/index.js';
import { convertType } from '../plan/convert-type.js';
import type { Scope, Stage } from '../plan/stage.js';
import { isAlive, nameAt, typeAt } from '../records/line-check.js';
import { recordOf } from '../records/record-of.js';
import type { FieldRecord, ObjectRecord } from '../records/record.js';
import type { Class } from '../types/class.js';
import type { EnumNode, TypeNode, UnionNode } from '../types/field-type.js';
import type { Json } from '../types/values.js';

/** A JSON Schema, or a part of one. */
export type JsonSchema = { readonly [keyword: string]: Json };

/**
 * Who reads the schema. `people` get a closed one in standard keywords alone; `recording` a closed one with the bounds that
 * JSON Schema has no words for, in which no order depends on how something was written; `validation` one that is tolerant of
 * unknown properties and carries every check.
 */
export type Audience = 'people' | 'recording' | 'validation';

/** What the schema of a type is made for. */
export interface SchemaContext {
  readonly scope: Scope;
  readonly stage: Stage;
  readonly audience: Audience;
  /** Makes the default of a field in its newest plain form. */
  readonly fill: (record: ObjectRecord, field: FieldRecord) => (() => unknown) | undefined;
  /**
   * Where the schema of a class in it is found. Default: among the definitions of the same schema; undefined for a class
   * that is not looked into.
   */
  readonly refer?: (record: ObjectRecord) => string | undefined;
}

/** The most digits of a bigint: enough for any key or balance, too few to keep a processor busy. */
const MAX_DIGITS = 1000;

/** The JSON Schema (draft 2020-12) of a type at a stage. */
export function schemaOf(type: TypeNode, context: SchemaContext): JsonSchema {
  const builder = new SchemaBuilder(context);
  const line = context.scope.api;
  const root = builder.type(type, line === undefined ? undefined : { line, version: context.stage.api ?? line.head });
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    ...root,
    ...(builder.definitions.size === 0 ? {} : { $defs: Object.fromEntries(builder.definitions) }),
  };
}

/** The JSON Schema of the objects of one class at one version, whatever the stage says of others. */
export function objectSchemaOf(record: ObjectRecord, version: Version, context: SchemaContext): JsonSchema {
  return new SchemaBuilder(context).object(record, version);
}

/** Where the values of a type count their versions. */
export interface At {
  readonly line: Line;
  readonly version: Version;
}

class SchemaBuilder {
  readonly definitions = new Map<string, JsonSchema>();

  constructor(readonly context: SchemaContext) {}

  type(type: TypeNode, at: At | undefined): JsonSchema {
    switch (type.kind) {
      case 'string':
        return { type: 'string', ...constraints(type) };
      case 'number':
        return { type: 'number', ...constraints(type) };
      case 'integer':
        return { type: 'integer', minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER, ...constraints(type) };
      case 'boolean':
        return { type: 'boolean' };
      case 'uuid':
        return { type: 'string', format: 'uuid' };
      case 'datetime':
        return { type: 'string', format: 'date-time' };
      case 'bigint':
        return {
          type: 'string',
          pattern: '^(?:0|-?[1-9][0-9]*)$',
          maxLength: MAX_DIGITS,
          ...this.check('bigint', { minimum: type.minimum?.toString(), maximum: type.maximum?.toString() }),
        };
      case 'bytes':
        return {
          type: 'string',
          contentEncoding: 'base64',
          format: 'byte',
          ...this.check('bytes', { minimum: type.minLength, maximum: type.maxLength }),
        };
      case 'json':
        return this.check('json', { deep: true });
      case 'enum':
        return { type: 'string', enum: this.ordered(valuesAt(type, at)) };
      case 'list':
        return { type: 'array', items: this.type(type.item, at), ...constraints(type, 'item') };
      case 'map':
        return {
          type: 'object',
          ...this.check('plain', { deep: false }),
          additionalProperties: this.type(type.value, at),
          ...constraints(type, 'value'),
        };
      case 'nullable':
        return this.#nullable(type.inner, at);
      case 'object':
        return this.#reference(type.of());
      case 'union':
        return this.#union(type, at);
      case 'either':
        return { anyOf: this.ordered(type.options.map((option) => this.type(option, at))) };
    }
  }

  object(record: ObjectRecord, version: Version): JsonSchema {
    const { audience, scope } = this.context;
    const closed = audience !== 'validation';
    const line = scope.lineOf(record);
    const alive = record.fields.filter((field) => isAlive(field, version, line));
    const required = alive.filter((field) => !field.optional && field.default === undefined).map((field) => nameAt(field, version, line));
    return {
      ...(audience === 'people' ? { title: record.kind === 'object' ? `${record.name} ${version}` : record.name } : {}),
      type: 'object',
      ...this.check('plain', { deep: false }),
      properties: Object.fromEntries(alive.map((field) => [nameAt(field, version, line), this.#field(record, field, { line, version })])),
      ...(required.length === 0 ? {} : { required: this.ordered(required) }),
      ...(closed ? { additionalProperties: false } : {}),
    };
  }

  /**
   * A check for which JSON Schema has no word; people do without. What says nothing of the type, but guards against hostile
   * data, is not recorded either.
   */
  check(name: string, limits: Readonly<Record<string, Json | undefined>>): JsonSchema {
    const set = Object.entries(limits).filter((entry): entry is [string, Json] => entry[1] !== undefined);
    const { audience } = this.context;
    const told = audience === 'validation' || (audience === 'recording' && name !== 'plain' && name !== 'json');
    return told && set.length > 0 ? { lynchpin: { check: name, ...Object.fromEntries(set) } } : {};
  }

  /** A list whose order says nothing on the wire. */
  ordered<T extends Json>(list: readonly T[]): readonly T[] {
    if (this.context.audience !== 'recording') return list;
    return list
      .map((item) => ({ item, key: JSON.stringify(item) }))
      .sort((a, b) => (a.key < b.key ? -1 : 1))
      .map(({ item }) => item);
  }

  #field(record: ObjectRecord, field: FieldRecord, at: At): JsonSchema {
    const schema = this.type(typeAt(field, at.version, at.line), at);
    if (this.context.audience === 'validation') return schema;
    const value = defaultAt(record, field, at, this.context.fill);
    return value === undefined ? schema : { ...schema, default: value };
  }

  #reference(owner: Class): JsonSchema {
    const record = recordOf(owner, this.context.scope.of);
    if (this.context.refer !== undefined) {
      const reference = this.context.refer(record);
      return reference === undefined ? { type: 'object' } : { $ref: reference };
    }
    if (!this.definitions.has(record.name)) {
      // Known before it is built, because classes refer to each other in a circle.
      this.definitions.set(record.name, {});
      this.definitions.set(record.name, this.object(record, this.context.stage.at(record)));
    }
    return { $ref: `#/$defs/${record.name.replaceAll('~', '~0').replaceAll('/', '~1')}` };
  }

  #nullable(inner: TypeNode, at: At | undefined): JsonSchema {
    const schema = this.type(inner, at);
    if (inner.kind === 'json' || inner.kind === 'nullable') return schema;
    if (typeof schema['type'] === 'string' && inner.kind !== 'union' && schema['$ref'] === undefined) {
      return { ...schema, type: [schema['type'], 'null'], ...(Array.isArray(schema['enum']) ? { enum: [...schema['enum'], null] } : {}) };
    }
    // The same, without an error object for every null that is met.
    if (this.context.audience === 'validation' && inner.kind !== 'either')
      return { type: ['object', 'null'], if: { type: 'object' }, then: schema };
    return { anyOf: [schema, { type: 'null' }] };
  }

  #union(type: UnionNode, at: At | undefined): JsonSchema {
    const variants = this.ordered(variantsAt(type, at).map(({ name }) => name)).map(
      (name) => type.variants.find((variant) => variant.name === name) as UnionNode['variants'][number],
    );
    return {
      type: 'object',
      required: [type.tag],
      properties: { [type.tag]: { enum: variants.map((variant) => variant.name) } },
      allOf: variants.map((variant) => ({
        if: { required: [type.tag], properties: { [type.tag]: { const: variant.name } } },
        then: this.#reference(variant.of()),
      })),
    };
  }
}

/** The values that an enum has at a version; all of them where no version is asked for. */
export function valuesAt(type: EnumNode, at: At | undefined): readonly string[] {
  return type.values.filter((value) => !isNewer(type.added.find((added) => added.value === value)?.since, at));
}

/** The variants that a union has at a version; all of them where no version is asked for. */
export function variantsAt(type: UnionNode, at: At | undefined): UnionNode['variants'] {
  return type.variants.filter((variant) => !isNewer(variant.since, at));
}

/** A field's default in the plain form of a version; undefined where there is none, a function makes it, or that version cannot say it. */
export function defaultAt(record: ObjectRecord, field: FieldRecord, at: At, fill: SchemaContext['fill']): Json | undefined {
  if (field.default === undefined || field.default.made) return undefined;
  try {
    const convert = convertType(field.type, {
      span: { line: at.line, from: at.line.head, to: at.version },
      purpose: 'move',
      place: { class: record.name, field: field.name },
      child: () => undefined,
    });
    const value = fill(record, field)?.() as Json | undefined;
    return convert === undefined ? value : (convert(value) as Json | undefined);
  } catch (error) {
    if (LynchpinError.is(error, 'CONVERSION')) return undefined;
    throw error;
  }
}

function isNewer(since: Version | undefined, at: At | undefined): boolean {
  return since !== undefined && at !== undefined && at.line.indexOf(since) > at.line.indexOf(at.version);
}

function constraints(type: TypeNode, ...without: readonly string[]): JsonSchema {
  return Object.fromEntries(
    Object.entries(type).filter(([name, value]) => name !== 'kind' && !without.includes(name) && value !== undefined),
  ) as JsonSchema;
}
