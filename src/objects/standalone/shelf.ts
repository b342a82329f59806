import { LynchpinError } from '../../errors/index.js';
import type { Version } from '../../versions/index.js';
import { Dehydrators } from '../codec/dehydrate.js';
import { Hydrators } from '../codec/hydrate.js';
import { checkGraph } from '../graph/check.js';
import { convertObject, type Children } from '../plan/convert-object.js';
import { convertType, isPlain, type Convert } from '../plan/convert-type.js';
import { Plans } from '../plan/plans.js';
import { Scope } from '../plan/stage.js';
import { recordOf } from '../records/record-of.js';
import type { ObjectRecord, PlainObject } from '../records/record.js';
import { ClassSchemas } from '../schema/class-schemas.js';
import { objectSchemaOf, type SchemaContext } from '../schema/schema.js';
import { Validators, type Problem, type Validate } from '../schema/validator.js';
import type { Class } from '../types/class.js';
import type { TypeNode } from '../types/field-type.js';

const shelves = new WeakMap<Class, Shelf>();

/** What stands for an object that needs no manifest: its name and version, under this key. */
export const TAG = '$object';

/** "Volume@1.2" */
export function tagOf(record: ObjectRecord, version: Version): string {
  return `${record.name}@${version}`;
}

/**
 * Everything that is compiled for objects that stand alone, of one class and those that it reaches. Unlike in a message,
 * each nested object says itself at which version it is.
 */
export class Shelf {
  readonly record: ObjectRecord;
  readonly scope: Scope;
  readonly dehydrators = new Dehydrators();
  readonly hydrators = new Hydrators(this.dehydrators);
  readonly plans: Plans;
  readonly #validators = new Validators();
  readonly #schemas: ClassSchemas;
  readonly #compiled = new Map<string, unknown>();

  private constructor(owner: Class) {
    this.record = recordOf(owner, 'a stand-alone object');
    this.scope = new Scope(this.record.name, undefined);
    this.plans = new Plans(this.scope, (record, field) => this.dehydrators.fill(record, field));
    this.#schemas = new ClassSchemas(this.scope, this.#validators, (record) => this.plans.reach(record));
    checkGraph(this.plans.reach(this.record), { scope: this.scope, dehydrators: this.dehydrators, schemas: this.#schemas });
  }

  /**
   * The shelf of a class.
   * @throws LynchpinError `DECLARATION` when the class cannot stand alone.
   */
  static of(owner: Class): Shelf {
    let shelf = shelves.get(owner);
    if (shelf === undefined) shelves.set(owner, (shelf = new Shelf(owner)));
    return shelf;
  }

  /** Instances or literals to their newest plain form. */
  dehydrate(value: unknown): PlainObject {
    return this.dehydrators.object(this.record.class, { class: this.record.name, field: undefined })(value);
  }

  /** The newest plain form to an instance. */
  hydrate(value: PlainObject): object {
    return this.hydrators.object(this.record.class, { class: this.record.name, field: undefined })(value);
  }

  /** Judges the newest plain form as a whole. */
  get validateHead(): Validate {
    return this.once('validate', () => this.#schemas.validate({ kind: 'object', of: () => this.record.class }, this.scope.head));
  }

  /** Judges one object at a version, not looking into those nested in it. */
  validateAt(record: ObjectRecord, version: Version, partial: boolean): Validate {
    return this.once(`validate ${record.name} ${version} ${String(partial)}`, () => {
      const context: SchemaContext = {
        scope: this.scope,
        stage: this.scope.head,
        audience: 'validation',
        fill: () => undefined,
        refer: () => undefined,
      };
      const { required, ...rest } = objectSchemaOf(record, version, context);
      return this.#validators.of(partial || required === undefined ? rest : { ...rest, required });
    });
  }

  /** One object from a version of its line to another; the objects in it as told. */
  convert(record: ObjectRecord, from: Version, to: Version, children: Children): (value: PlainObject) => PlainObject {
    const span = { line: this.scope.lineOf(record), from, to };
    return convertObject(record, { span, purpose: 'move', fill: (field) => this.dehydrators.fill(record, field), children });
  }

  /** A tagged object of any version in the window to the newest plain form without tags. */
  readonly lift = (owner: Class): NonNullable<Convert> => {
    return this.once(`lift ${recordOf(owner, this.record.name).name}`, () => {
      const record = recordOf(owner, this.record.name);
      return (json) => {
        const version = this.versionIn(record, json);
        const data = json as PlainObject;
        judge(this.validateAt(record, version, false)(data), record, version);
        return this.once(`convert ${record.name} ${version}`, () =>
          this.convert(record, version, this.scope.lineOf(record).head, { across: this.lift, before: this.lift, after: () => undefined }),
        )(data);
      };
    });
  };

  /** Lifts what is inside a value of a type. */
  liftType(type: TypeNode, record: ObjectRecord, version: Version): Convert {
    const span = { line: this.scope.lineOf(record), from: version, to: version };
    return convertType(type, { span, purpose: 'move', place: { class: record.name, field: undefined }, child: this.lift });
  }

  /** The version that a tag names. */
  versionIn(record: ObjectRecord, json: unknown): Version {
    const tag = isPlain(json) ? json[TAG] : undefined;
    if (typeof tag !== 'string')
      throw new LynchpinError(
        'INVALID',
        `a stand-alone ${record.name} must say what it is, as in ${TAG}: "${tagOf(record, this.scope.lineOf(record).head)}"`,
        { class: record.name },
      );
    return this.versionOf(record, tag);
  }

  /** The version in "Volume@1.2", which must be one that this build reads. */
  versionOf(record: ObjectRecord, tag: string): Version {
    const line = this.scope.lineOf(record);
    const at = tag.lastIndexOf('@');
    if (tag.slice(0, at) !== record.name)
      throw new LynchpinError('INVALID', `expected a ${record.name}, but the data says it is ${JSON.stringify(tag)}`, {
        class: record.name,
        tag,
      });
    const version = tag.slice(at + 1);
    if (!line.has(version))
      throw new LynchpinError('INVALID', `the data is ${record.name} ${version}, but this build reads ${line}`, {
        class: record.name,
        version,
        floor: line.floor,
        head: line.head,
      });
    return version;
  }

  /** Compiles once. */
  once<T>(key: string, compile: () => T): T {
    let result = this.#compiled.get(key) as T | undefined;
    if (result === undefined) this.#compiled.set(key, (result = compile()));
    return result;
  }
}

/** Throws what a validation found. */
export function judge(problem: Problem | undefined, record: ObjectRecord, version: Version): void {
  if (problem !== undefined)
    throw new LynchpinError('INVALID', `${record.name} ${version}${problem.path === '' ? '' : ` at ${problem.path}`} ${problem.message}`, {
      class: record.name,
      version,
      ...problem,
    });
}

/** Data that is too deep, or refers to itself, ends in a stack overflow; that is the data's fault. */
export function bounded<T>(record: ObjectRecord, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new LynchpinError(
      'INVALID',
      `a ${record.name} is nested too deeply, or refers to itself in a circle`,
      { class: record.name },
      { cause: error },
    );
  }
}
