import type { Line, Version } from '../../versions/index.js';
import { Dehydrators } from '../codec/dehydrate.js';
import { reachFrom } from '../plan/reach.js';
import { Scope, type Stage } from '../plan/stage.js';
import { isAlive, nameAt, typeAt } from '../records/line-check.js';
import type { FieldRecord, ObjectRecord } from '../records/record.js';
import { defaultAt, objectSchemaOf, schemaOf, type JsonSchema, type SchemaContext } from '../schema/schema.js';
import { Validators } from '../schema/validator.js';
import type { Class, Shape } from '../types/class.js';
import { isFieldType, nodeOf, type TypeNode } from '../types/field-type.js';
import type { Json } from '../types/values.js';

/** A field as it is on the wire at one version. */
export interface FieldSnapshot {
  /** Its name at that version. */
  readonly name: string;
  /** Its type then. Enums and unions in it still list what came later. */
  readonly type: TypeNode;
  /** Its default then; undefined where there is none, a function makes it, or that version cannot say it. */
  readonly default: Json | undefined;
  readonly record: FieldRecord;
}

/** What classes look like on the wire at single versions, for whoever records it. */
export class Snapshots {
  readonly #scope: Scope;
  readonly #dehydrators = new Dehydrators();
  readonly #validators = new Validators();

  /**
   * @param of who asks, for messages: the class of the API, or of an object that stands alone.
   * @param api the API's versions, on which messages count; undefined where there is no API and so no messages.
   */
  constructor(of: string, api: Line | undefined) {
    this.#scope = new Scope(of, api);
  }

  /** The versions on which the fields of a class count. */
  lineOf(record: ObjectRecord): Line {
    return this.#scope.lineOf(record);
  }

  /** The fields that a class has at a version, in the order of their declaration. */
  fields(record: ObjectRecord, version: Version): readonly FieldSnapshot[] {
    const line = this.lineOf(record);
    return record.fields
      .filter((field) => isAlive(field, version, line))
      .map((field) => ({
        name: nameAt(field, version, line),
        type: typeAt(field, version, line),
        default: defaultAt(record, field, { line, version }, this.#fill(line, version)),
        record: field,
      }));
  }

  /**
   * The closed schema of a class at a version of its line. Each class in it is a reference, `#/$defs/NAME`: at which version
   * that one is, only a manifest can say.
   */
  schema(record: ObjectRecord, version: Version): JsonSchema {
    return objectSchemaOf(record, version, this.#context(this.lineOf(record), version));
  }

  /** The same for what a method answers, at a version of the API. */
  shapeSchema(shape: Shape, version: Version): JsonSchema {
    const { $schema: _, ...schema } = schemaOf(nodeOfShape(shape), this.#context(this.#scope.api, version));
    return schema;
  }

  #context(line: Line | undefined, version: Version): SchemaContext {
    const stage: Stage = { key: version, api: version, at: () => version };
    return { scope: this.#scope, stage, audience: 'recording', fill: this.#fill(line, version), refer: definitionOf };
  }

  /** Where a field had another type, its default of today is its default of then only if that type allows it. */
  #fill(line: Line | undefined, version: Version): SchemaContext['fill'] {
    return (record, field) => {
      const fill = this.#dehydrators.fill(record, field);
      if (fill === undefined || line === undefined) return fill;
      const type = typeAt(field, version, line);
      if (type === field.type) return fill;
      const schema = schemaOf(type, { ...this.#context(line, version), fill: () => undefined, refer: () => undefined });
      return this.#validators.of(schema)(fill()) === undefined ? fill : undefined;
    };
  }
}

/** Where the schema of a class is found once a manifest has said at which version it is. */
function definitionOf({ name }: { readonly name: string }): string {
  return `#/$defs/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/** A class as the type of its instances; a type is itself. */
export function nodeOfShape(shape: Shape): TypeNode {
  return isFieldType(shape) ? nodeOf(shape) : { kind: 'object', of: () => shape as Class };
}

/** Every class that a shape reaches at any version. */
export function reachOfShape(shape: Shape, where: string): readonly ObjectRecord[] {
  return reachFrom([nodeOfShape(shape)], where);
}
