import { LynchpinError } from '../../errors/index.js';
import type { Line, Version } from '../../versions/index.js';
import { Dehydrators } from '../codec/dehydrate.js';
import { Hydrators } from '../codec/hydrate.js';
import { Guards } from '../plan/guard.js';
import { Plans } from '../plan/plans.js';
import { reachFrom } from '../plan/reach.js';
import type { Purpose } from '../plan/refusal.js';
import { Scope, type Stage } from '../plan/stage.js';
import type { ObjectRecord } from '../records/record.js';
import { schemaOf, type JsonSchema } from '../schema/schema.js';
import { ClassSchemas } from '../schema/class-schemas.js';
import { Validators, type Problem, type Validate } from '../schema/validator.js';
import type { Class, Shape } from '../types/class.js';
import { isFieldType, nodeOf, type TypeNode } from '../types/field-type.js';
import { checkGraph } from './check.js';
import { checkCarries, manifestsOf, type Carries, type Manifest } from './manifest.js';

/** Which way a shape travels: `in` is what methods take, `out` what they return. */
export type Direction = 'in' | 'out';

export interface GraphOptions {
  /** The class of the API, for messages: "VolumeApi". */
  readonly of: string;
  /** The API's versions. */
  readonly line: Line;
  /** Which version of each object every version of the API carries. */
  readonly carries?: Carries;
}

/** Where a shape is used, and which way it travels. */
export interface Use {
  readonly direction: Direction;
  /** For messages: "VolumeApi.create takes". */
  readonly where: string;
}

/** Turns a value into the plain JSON of one version. */
export type Writer = (value: unknown) => unknown;

/** Turns plain JSON of one version into a value of the newest form. */
export type Reader = (json: unknown) => unknown;

/** Turns plain JSON of one version into that of another. */
export type Converter = (json: unknown) => unknown;

/**
 * Every object and message that one API reaches, bound to the API's versions: it validates, converts and (de)hydrates them.
 * Everything it hands out is compiled once per shape and version.
 */
export class ObjectGraph {
  readonly #options: GraphOptions;
  readonly #scope: Scope;
  readonly #shapes = new Map<TypeNode, { readonly shape: Shape; readonly where: string; readonly directions: Set<Direction> }>();
  readonly #nodes = new Map<Shape, TypeNode>();
  readonly #compiled = new Map<string, Map<TypeNode, unknown>>();
  readonly #schemas: ClassSchemas;
  readonly #dehydrators = new Dehydrators();
  readonly #hydrators = new Hydrators(this.#dehydrators);
  readonly #plans: Plans;
  readonly #guards: Guards;
  #manifests: ReadonlyMap<Version, Manifest> | undefined;
  #records: readonly ObjectRecord[] = [];

  constructor(options: GraphOptions) {
    this.#options = options;
    this.#scope = new Scope(options.of, options.line);
    this.#plans = new Plans(this.#scope, (record, field) => this.#dehydrators.fill(record, field));
    this.#schemas = new ClassSchemas(this.#scope, new Validators(), (record) => this.#plans.reach(record));
    this.#guards = new Guards(this.#scope, this.#dehydrators, (record) => this.#plans.reach(record));
  }

  /** Adds what a method takes or returns, and everything that it reaches. Classes are looked at when the graph is checked. */
  add(shape: Shape, use: Use): void {
    const node = this.#node(shape);
    const known = this.#shapes.get(node);
    if (known === undefined) this.#shapes.set(node, { shape, where: use.where, directions: new Set([use.direction]) });
    else known.directions.add(use.direction);
    this.#manifests = undefined;
  }

  /**
   * Checks all declarations that only the whole graph can tell. It is done once, at the latest when something is compiled.
   * @throws LynchpinError `DECLARATION`.
   */
  check(): void {
    if (this.#manifests !== undefined) return;
    const records = new Set<ObjectRecord>();
    for (const [node, { where }] of this.#shapes) for (const record of reachFrom([node], where)) records.add(record);
    this.#records = [...records];
    const objects = this.#records.filter((record) => record.kind === 'object');
    const { of, line, carries = {} } = this.#options;
    checkGraph(this.#records, { scope: this.#scope, dehydrators: this.#dehydrators, schemas: this.#schemas });
    checkCarries(of, line, carries, objects);
    this.#manifests = manifestsOf(line, carries, objects);
  }

  /** The record of every class that the graph reaches. */
  get records(): readonly ObjectRecord[] {
    this.check();
    return this.#records;
  }

  /**
   * The version of every object that a version of the API carries, by name. Frozen.
   * @throws LynchpinError `DECLARATION` when the API has no such version.
   */
  manifest(version: Version): Manifest {
    this.check();
    const manifest = this.#manifests?.get(version);
    if (manifest === undefined)
      throw new LynchpinError('DECLARATION', `${this.#options.of} has no version ${version}: its versions are ${this.#options.line}`, {
        class: this.#options.of,
        version,
      });
    return manifest;
  }

  /**
   * The JSON Schema (draft 2020-12) of a shape at a version of the API. It is closed: it says what is written. Readers are
   * tolerant of properties that it does not name.
   */
  schema(shape: Shape, version: Version): JsonSchema {
    return this.#once(shape, `schema ${version}`, (node) =>
      schemaOf(node, {
        scope: this.#scope,
        stage: this.#stage(version),
        audience: 'people',
        fill: (record, field) => this.#dehydrators.fill(record, field),
      }),
    );
  }

  /**
   * Compiles what turns a value (an instance, or a literal that leaves out defaults) into JSON of a version of the API.
   * @param direction whether it is sent as a request or a result: only requests are refused for what they would lose.
   * Default: as it was added; `in` where it was added as both.
   * @throws the writer throws LynchpinError `INVALID` when the value does not fit, `PINNED` when a request sets what the
   * version cannot express, `CONVERSION` when a backport fails.
   */
  writer(shape: Shape, version: Version, direction?: Direction): Writer {
    const node = this.#node(shape);
    const way = direction ?? (this.#shapes.get(node)?.directions.has('in') === false ? 'out' : 'in');
    return this.#once(shape, `writer ${version} ${way}`, () => lazy(() => this.#writer(node, version, way)));
  }

  /**
   * Compiles what turns JSON of a version of the API into values of the newest form: it is validated against the schema of
   * that version, upgraded step by step, and handed over as instances.
   * @throws the reader throws LynchpinError `INVALID` when the JSON does not fit, `CONVERSION` when an upgrade fails.
   */
  reader(shape: Shape, version: Version): Reader {
    return this.#once(shape, `reader ${version}`, (node) => lazy(() => this.#reader(node, version)));
  }

  /**
   * Compiles what turns JSON of one version of the API into JSON of another, in either direction.
   * @throws the converter throws LynchpinError `INVALID` when the JSON does not fit its version, `CONVERSION` when a function
   * fails or the target cannot express it.
   */
  converter(shape: Shape, from: Version, to: Version): Converter {
    return this.#once(shape, `converter ${from} ${to}`, (node) => lazy(() => this.#converter(node, from, to)));
  }

  #converter(node: TypeNode, from: Version, to: Version): Converter {
    const where = this.#where(node);
    const [start, end] = [this.#stage(from), this.#stage(to)];
    const validate = this.#validator(node, start);
    const convert = this.#convert(node, start, end, 'move');
    return guarded(where, from, (json) => {
      invalid(validate(json), where, from);
      return convert === undefined ? json : convert(json);
    });
  }

  #writer(node: TypeNode, version: Version, direction: Direction): Writer {
    const where = this.#where(node);
    const { head } = this.#scope;
    const stage = this.#stage(version);
    const dehydrate = this.#dehydrators.type(node, { class: where, field: undefined });
    const validate = this.#validator(node, head);
    const guard = direction === 'in' ? this.#guards.type(node, stage) : undefined;
    const convert = this.#convert(node, head, stage, 'send');
    return guarded(where, version, (value) => {
      const wire = dehydrate === undefined ? value : dehydrate(value);
      invalid(validate(wire), where, this.#options.line.head);
      if (guard !== undefined) guard(value);
      return convert === undefined ? wire : convert(wire);
    });
  }

  #reader(node: TypeNode, version: Version): Reader {
    const where = this.#where(node);
    const stage = this.#stage(version);
    const validate = this.#validator(node, stage);
    const convert = this.#convert(node, stage, this.#scope.head, 'move');
    const hydrate = this.#hydrators.type(node, { class: where, field: undefined });
    return guarded(where, version, (json) => {
      invalid(validate(json), where, version);
      const newest = convert === undefined ? json : convert(json);
      return hydrate === undefined ? newest : hydrate(newest);
    });
  }

  /** A conversion that also validates what comes out, where it is not right by construction. */
  #convert(node: TypeNode, from: Stage, to: Stage, purpose: Purpose): ((value: unknown) => unknown) | undefined {
    const where = this.#where(node);
    const convert = this.#plans.type(node, where, from, to, purpose);
    if (convert === undefined || !this.#plans.mustCheck(node, where, from, to)) return convert;
    const validate = this.#validator(node, to);
    return (value) => {
      const result = convert(value);
      const problem = validate(result);
      if (problem !== undefined) {
        throw new LynchpinError(
          'CONVERSION',
          `${where}: converted from ${from.api} to ${to.api}, the result${problem.path === '' ? '' : ` at ${problem.path}`} ${problem.message}; correct the backport or upgrade function that makes it`,
          { where, from: from.api, to: to.api, ...problem },
        );
      }
      return result;
    };
  }

  #validator(node: TypeNode, stage: Stage): Validate {
    return this.#schemas.validate(node, stage);
  }

  #stage(version: Version): Stage {
    const manifest = this.manifest(version);
    return { key: version, api: version, at: (record) => (record.kind === 'message' ? version : (manifest[record.name] as Version)) };
  }

  #once<T>(shape: Shape, key: string, compile: (node: TypeNode) => T): T {
    this.check();
    const node = this.#node(shape);
    this.#where(node);
    let compiled = this.#compiled.get(key);
    if (compiled === undefined) this.#compiled.set(key, (compiled = new Map()));
    let result = compiled.get(node) as T | undefined;
    if (result === undefined) compiled.set(node, (result = compile(node)));
    return result;
  }

  /** A class as the type of its instances, so that everything below deals with types alone. */
  #node(shape: Shape): TypeNode {
    let node = this.#nodes.get(shape);
    if (node === undefined)
      this.#nodes.set(shape, (node = isFieldType(shape) ? nodeOf(shape) : { kind: 'object', of: () => shape as Class }));
    return node;
  }

  #where(node: TypeNode): string {
    const known = this.#shapes.get(node);
    if (known === undefined)
      throw new LynchpinError('DECLARATION', `${this.#options.of} was asked for a shape that was not added to its graph`, {
        class: this.#options.of,
      });
    return known.where;
  }
}

/** Compiles with the first value: an API has far more methods and versions than one process ever meets. */
function lazy(compile: () => (value: unknown) => unknown): (value: unknown) => unknown {
  let work: ((value: unknown) => unknown) | undefined;
  return (value) => (work ??= compile())(value);
}

function invalid(problem: Problem | undefined, where: string, version: Version): void {
  if (problem === undefined) return;
  throw new LynchpinError(
    'INVALID',
    `${where}, at ${version}: the value${problem.path === '' ? '' : ` at ${problem.path}`} ${problem.message}`,
    { where, version, ...problem },
  );
}

/** Data that is too deep, or refers to itself, ends in a stack overflow; that is the data's fault. */
function guarded(where: string, version: Version, work: (value: unknown) => unknown): (value: unknown) => unknown {
  return (value) => {
    try {
      return work(value);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw new LynchpinError(
        'INVALID',
        `${where}, at ${version}: the value is nested too deeply, or refers to itself in a circle`,
        { where, version },
        { cause: error },
      );
    }
  };
}
