import {
  Conversions,
  isAlive,
  nameAt,
  recordOf,
  withSteps,
  type FieldRecord,
  type ObjectRecord,
  type StepRecord,
} from '../../objects/index.js';
import type { Contract } from '../../rpc/index.js';
import type { Line, Version } from '../../versions/index.js';
import type { FieldFacts } from '../facts/facts.js';
import type { Surface } from '../facts/surface.js';
import { Makers } from '../samples/makers.js';
import type { Misfit } from '../samples/misfit.js';
import type { OwnValues } from '../samples/own-values.js';
import type { Shapes } from '../samples/shapes.js';
import type { LawStage } from './stage.js';
import type { Watch } from './watch.js';
import { numbersOf, wordsOf } from './words.js';

/** Which version a class is at, by its record; undefined where it does not exist. */
export type VersionOf = (record: ObjectRecord) => Version | undefined;

/**
 * Some classes with everything that laws need to know of them: facts at every version, makers of values, and conversions
 * whose functions are watched. There is one for each contract, and one for objects that stand alone.
 */
export class World {
  readonly conversions: Conversions;
  readonly #surface: Surface;
  readonly #watch: Watch;
  readonly #own: OwnValues | undefined;
  readonly #makers = new Map<string, Makers>();

  constructor(
    /** The class of the API, or what else asks. */
    readonly of: string,
    readonly contract: Contract | undefined,
    { surface, watch, own }: { readonly surface: Surface; readonly watch: Watch; readonly own: OwnValues | undefined },
  ) {
    this.conversions = new Conversions(of, contract?.line);
    this.#surface = surface;
    this.#watch = watch;
    this.#own = own;
  }

  /** The versions on which the fields of a class count. */
  lineOf(record: ObjectRecord): Line {
    return this.conversions.lineOf(record);
  }

  /** The fields of a class at a version by their names then; undefined where the class does not exist then. */
  fieldsAt(record: ObjectRecord, version: Version): Readonly<Record<string, FieldFacts>> | undefined {
    if (record.kind === 'object') return this.#surface.objects.find(({ name }) => name === record.name)?.entries.get(version)?.facts.fields;
    const api = this.#surface.apis.find(({ name }) => name === this.contract?.topic);
    return api?.entries.get(version)?.facts.messages[record.name]?.fields;
  }

  /** One field at a version. */
  fieldAt(record: ObjectRecord, field: FieldRecord, version: Version): { readonly name: string; readonly facts: FieldFacts } | undefined {
    const name = nameAt(field, version, this.lineOf(record));
    const facts = this.fieldsAt(record, version)?.[name];
    return facts === undefined ? undefined : { name, facts };
  }

  /** The stage at which a class and all that it reaches are at some versions; undefined when the class itself is not there. */
  stage(record: ObjectRecord, key: string, versionOf: VersionOf, api?: Version): LawStage | undefined {
    const version = versionOf(record);
    if (version === undefined || this.fieldsAt(record, version) === undefined) return undefined;
    const makers = this.#makersAt(record, versionOf);
    return {
      key,
      api,
      version,
      makers,
      maker: makers.root(record.name),
      at: (other) => versionOf(other) ?? this.lineOf(other).head,
    };
  }

  /**
   * The conversion between two stages, in which functions are watched.
   * @param watched whose functions are watched closely. Those of others are told of only where they throw.
   */
  between(record: ObjectRecord, from: LawStage, to: LawStage, watched?: ObjectRecord): (value: unknown) => unknown {
    const stepped = this.conversions.reach(record).filter(({ steps }) => steps.length > 0);
    const watch = (other: ObjectRecord, step: StepRecord): StepRecord['run'] =>
      other.class === watched?.class ? this.#watch.watched(other, step, this.#lasting(other, step)) : this.#watch.glanced(other, step);
    const compile = stepped.reduce<() => (value: unknown) => unknown>(
      (work, other) => () => withSteps(other.class, (step) => watch(other, step), work),
      // Asked for anew, because the class has its watched functions only while this runs.
      () => this.conversions.between(recordOf(record.class, this.of), from, to),
    );
    return compile();
  }

  /** Says that an object inside is not at the version of a stage but at another one; undefined when it is at none. */
  wrongVersion(record: ObjectRecord, stage: LawStage, { through }: Misfit): string | undefined {
    const reached = new Map(this.conversions.reach(record).map((other) => [other.name, other]));
    for (const { name, value } of through.slice(1).reverse()) {
      const inner = reached.get(name);
      if (inner === undefined) continue;
      const right = stage.at(inner);
      for (const version of [...this.lineOf(inner).versions].reverse()) {
        const fields = version === right ? undefined : this.fieldsAt(inner, version);
        if (fields === undefined || !new Makers({ ...stage.makers.shapes, [name]: fields }).of(name).fits(value)) continue;
        return `the ${name} in it is at ${version}, and belongs at ${right}`;
      }
    }
    return undefined;
  }

  #makersAt(record: ObjectRecord, versionOf: VersionOf): Makers {
    const reached = this.conversions.reach(record);
    const versions = reached.map((other) => [other, versionOf(other)] as const);
    const key = versions.map(([{ name }, version]) => `${name}@${version}`).join();
    let makers = this.#makers.get(key);
    if (makers === undefined) {
      const shapes: Shapes = Object.fromEntries(
        versions.flatMap(([other, version]) => {
          const fields = version === undefined ? undefined : this.fieldsAt(other, version);
          return fields === undefined ? [] : [[other.name, fields] as const];
        }),
      );
      const [words, numbers] = [wordsOf(record), numbersOf(record)];
      this.#makers.set(key, (makers = new Makers(shapes, { words, numbers, ...(this.#own === undefined ? {} : { own: this.#own }) })));
    }
    return makers;
  }

  /** The fields on both sides of a function, and those that begin behind it with their defaults. */
  #lasting(record: ObjectRecord, step: StepRecord): Lasting {
    const at = (field: FieldRecord, version: Version) =>
      isAlive(field, version, this.lineOf(record)) ? this.fieldAt(record, field, version) : undefined;
    return record.fields.flatMap((field) => {
      const after = at(field, step.to);
      if (after === undefined) return [];
      return [{ name: field.name, begins: at(field, step.from) === undefined, usual: after.facts.default }];
    });
  }
}

/** What remains of a function's result: the fields of its target. */
export type Lasting = readonly { readonly name: string; readonly begins: boolean; readonly usual: unknown }[];
