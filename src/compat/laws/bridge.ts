import type { FieldRecord, ObjectRecord } from '../../objects/index.js';
import type { Version } from '../../versions/index.js';
import type { FieldFacts, TypeFacts } from '../facts/facts.js';
import { isSame } from './plain.js';
import type { LawStage } from './stage.js';
import type { World } from './world.js';

/** One end of a bridge. */
export type Side = 'older' | 'newer';

/** A field that both ends have. */
export interface Shared {
  readonly field: FieldRecord;
  /** Its name at each end. */
  readonly names: Readonly<Record<Side, string>>;
  readonly facts: Readonly<Record<Side, FieldFacts>>;
  /** Its types from end to end, each once; one where it never changed. */
  readonly types: readonly TypeFacts[];
}

type Plain = Readonly<Record<string, unknown>>;
type Verdict = 'same' | 'differs' | 'implied';

/**
 * Compares the data of two stages, field by field. What every version between them can hold must be the same on both sides.
 * What some version between cannot hold may differ: that follows from `since`, `until`, earlier types and enum fallbacks.
 */
export class Bridge {
  readonly #shared = new Map<ObjectRecord, readonly Shared[]>();
  readonly #losses = new Map<ObjectRecord, ReadonlySet<string>>();
  readonly #records: ReadonlyMap<string, ObjectRecord>;

  constructor(
    readonly world: World,
    readonly record: ObjectRecord,
    readonly ends: Readonly<Record<Side, LawStage>>,
  ) {
    this.#records = new Map(world.conversions.reach(record).map((other) => [other.name, other]));
  }

  /** The fields that a class has at both ends. */
  shared(record: ObjectRecord): readonly Shared[] {
    let shared = this.#shared.get(record);
    if (shared === undefined) this.#shared.set(record, (shared = this.#find(record)));
    return shared;
  }

  /** The fields of which the class says that they may be lost somewhere between the ends, by today's names. */
  losses(record: ObjectRecord): ReadonlySet<string> {
    let losses = this.#losses.get(record);
    if (losses === undefined) {
      const between = new Set(this.#versions(record));
      const declared = record.losses.filter(({ from, to }) => between.has(from) && between.has(to));
      this.#losses.set(record, (losses = new Set(declared.flatMap(({ fields }) => fields))));
    }
    return losses;
  }

  /**
   * The shared fields in which a result is not what it must be. Those that may be lost are left out.
   * @param original the data, as it is at one end.
   * @param result what became of it, there or at the other end.
   */
  differing(original: unknown, from: Side, result: unknown, to: Side): readonly Shared[] {
    return this.#differing(this.record, original as Plain, from, result as Plain, to);
  }

  /** Whether one field of two values of one end or of both says the same, as far as every version between can say it. */
  differs(shared: Shared, original: unknown, from: Side, result: unknown, to: Side): boolean {
    const [before, after] = [valueOf(original as Plain, shared, from), valueOf(result as Plain, shared, to)];
    return this.#compare(shared.types, before, after, { from, to }) === 'differs';
  }

  /** Whether every version between can hold a value in a field. */
  fits({ types }: Shared, value: unknown): boolean {
    return types.every((type) => this.ends.older.makers.fits(type, value));
  }

  #differing(record: ObjectRecord, original: Plain, from: Side, result: Plain, to: Side): readonly Shared[] {
    const losses = this.losses(record);
    return this.shared(record).filter((shared) => !losses.has(shared.field.name) && this.differs(shared, original, from, result, to));
  }

  #compare(types: readonly TypeFacts[], before: unknown, after: unknown, sides: { readonly from: Side; readonly to: Side }): Verdict {
    const [first] = types;
    if (before === UNKNOWN || after === UNKNOWN) return 'implied';
    if (first === undefined || before === after) return 'same';
    if (before === undefined || after === undefined) return 'differs';
    const alike = types.filter((type): type is TypeFacts => type.kind === first.kind);
    const within = (inner: readonly TypeFacts[], pairs: readonly (readonly [unknown, unknown])[]): Verdict =>
      pairs.some(([one, other]) => this.#compare(inner, one, other, sides) === 'differs') ? 'differs' : 'same';
    if (alike.length === types.length && isBranch(before) && isBranch(after)) {
      switch (first.kind) {
        case 'nullable':
          return this.#compare(
            alike.map((type) => (type as typeof first).inner),
            before,
            after,
            sides,
          );
        case 'list':
          if (!Array.isArray(before) || !Array.isArray(after) || before.length !== after.length) break;
          return within(
            alike.map((type) => (type as typeof first).item),
            before.map((item, at) => [item, (after as unknown[])[at]] as const),
          );
        case 'map': {
          const [keys, others] = [Object.keys(before), Object.keys(after)];
          if (keys.length !== others.length || keys.some((key) => !Object.hasOwn(after, key))) break;
          return within(
            alike.map((type) => (type as typeof first).value),
            keys.map((key) => [(before as Plain)[key], (after as Plain)[key]] as const),
          );
        }
        case 'object':
          return this.#objects(first.of, before as Plain, after as Plain, sides);
        case 'union': {
          const tag = (before as Plain)[first.tag];
          const name = typeof tag === 'string' && Object.hasOwn(first.variants, tag) ? first.variants[tag] : undefined;
          if (name === undefined || (after as Plain)[first.tag] !== tag) break;
          return this.#objects(name, before as Plain, after as Plain, sides);
        }
        default:
      }
    }
    if (isSame(before, after)) return 'same';
    // Where no type can hold what another does, functions translate: whoever gets its own back must find what it sent.
    if (sides.from === sides.to && areApart(types)) return 'differs';
    return types.every((type) => this.ends[sides.from].makers.fits(type, before)) ? 'differs' : 'implied';
  }

  #objects(name: string, before: Plain, after: Plain, { from, to }: { readonly from: Side; readonly to: Side }): Verdict {
    const record = this.#records.get(name);
    if (record === undefined) return isSame(before, after) ? 'same' : 'differs';
    return this.#differing(record, before, from, after, to).length > 0 ? 'differs' : 'same';
  }

  #find(record: ObjectRecord): readonly Shared[] {
    const versions = this.#versions(record);
    const [older, newer] = [versions[0], versions.at(-1)];
    if (older === undefined || newer === undefined) return [];
    return record.fields.flatMap((field) => {
      const [before, after] = [this.world.fieldAt(record, field, older), this.world.fieldAt(record, field, newer)];
      if (before === undefined || after === undefined) return [];
      const types = versions.flatMap((version) => this.world.fieldAt(record, field, version)?.facts.type ?? []);
      const distinct = new Map(types.map((type) => [JSON.stringify(type), type]));
      return [
        {
          field,
          names: { older: before.name, newer: after.name },
          facts: { older: before.facts, newer: after.facts },
          types: [...distinct.values()],
        },
      ];
    });
  }

  /** The versions of a class from end to end. */
  #versions(record: ObjectRecord): readonly Version[] {
    const line = this.world.lineOf(record);
    const [older, newer] = [line.indexOf(this.ends.older.at(record)), line.indexOf(this.ends.newer.at(record))];
    return line.versions.slice(older, newer + 1);
  }
}

/** Stands for a default that a function makes: nobody can know it. */
const UNKNOWN = Symbol('a default that a function makes');

/** What a field holds, or what its default says where it holds nothing. */
export function valueOf(data: Plain, { names, facts }: Shared, side: Side): unknown {
  const value = data[names[side]];
  if (value !== undefined) return value;
  const { presence, default: usual } = facts[side];
  return presence === 'defaulted' ? (usual === undefined ? UNKNOWN : usual) : undefined;
}

/** Whether types have different forms on the wire, so that they share no values. */
function areApart(types: readonly TypeFacts[]): boolean {
  const forms = new Set(types.map(formOf));
  return forms.size > 1 && !forms.has('any');
}

function formOf(type: TypeFacts): 'any' | 'text' | 'number' | 'boolean' | 'list' | 'object' {
  switch (type.kind) {
    case 'nullable':
      return formOf(type.inner);
    case 'json':
    case 'either':
      return 'any';
    case 'integer':
    case 'number':
      return 'number';
    case 'map':
    case 'object':
    case 'union':
      return 'object';
    case 'boolean':
    case 'list':
      return type.kind;
    default:
      return 'text';
  }
}

function isBranch(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
