import { eraOf } from '../plan/own-change.js';
import type { Scope, Stage } from '../plan/stage.js';
import type { ObjectRecord } from '../records/record.js';
import type { TypeNode } from '../types/field-type.js';
import { objectSchemaOf, schemaOf, type SchemaContext } from './schema.js';
import type { Validate, Validators } from './validator.js';

/**
 * What data is validated against: one schema for a class as it is in one era of itself and of everything that it reaches.
 * However many methods and versions meet the same class, it is compiled once.
 */
export class ClassSchemas {
  readonly #known = new Set<string>();

  constructor(
    readonly scope: Scope,
    readonly validators: Validators,
    /** The classes that a class reaches, itself first. */
    readonly reach: (record: ObjectRecord) => readonly ObjectRecord[],
  ) {}

  /** What judges the values of a type at a stage. */
  validate(type: TypeNode, stage: Stage): Validate {
    return this.validators.of(schemaOf(type, this.#context(stage)));
  }

  #context(stage: Stage): SchemaContext {
    return { scope: this.scope, stage, audience: 'validation', fill: () => undefined, refer: (record) => this.#refer(record, stage) };
  }

  #refer(record: ObjectRecord, stage: Stage): string {
    const eras = this.reach(record).map(
      (other) => `${encodeURIComponent(other.name)}@${eraOf(other, stage.at(other), this.scope.lineOf(other))}`,
    );
    const id = `lynchpin:${eras.join('+')}`;
    if (!this.#known.has(id)) {
      // Known before it is built, because classes refer to each other in a circle.
      this.#known.add(id);
      this.validators.add(id, objectSchemaOf(record, stage.at(record), this.#context(stage)));
    }
    return id;
  }
}
