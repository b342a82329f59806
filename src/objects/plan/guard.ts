import { isDeepStrictEqual } from 'node:util';
import { LynchpinError } from '../../errors/index.js';
import type { Version } from '../../versions/index.js';
import type { Dehydrators } from '../codec/dehydrate.js';
import { recordOf } from '../records/record-of.js';
import type { FieldRecord, ObjectRecord, PlainObject } from '../records/record.js';
import type { Class } from '../types/class.js';
import type { TypeNode } from '../types/field-type.js';
import { stepsOn } from './own-change.js';
import type { Scope, Stage } from './stage.js';

/**
 * Looks at what a caller wrote, before defaults are filled in, and throws `PINNED` for a field that is set to other than its
 * default and would be dropped at the target. Undefined where no field can be.
 */
export type Guard = ((value: unknown) => void) | undefined;

interface Watch {
  readonly field: FieldRecord;
  readonly since: Version;
  readonly pin: Version;
  /** The field's value in its plain form, and that of its default. */
  readonly plain: (value: unknown) => unknown;
  readonly usual: (() => unknown) | undefined;
}

/** Compiles guards for requests, each once. */
export class Guards {
  readonly #objects = new Map<string, { guard: Guard }>();

  constructor(
    readonly scope: Scope,
    readonly dehydrators: Dehydrators,
    /** The classes that a class reaches, itself first. */
    readonly reach: (record: ObjectRecord) => readonly ObjectRecord[],
  ) {}

  /** For the values of a type. */
  type(type: TypeNode, target: Stage): Guard {
    switch (type.kind) {
      case 'object':
        return this.#object(type.of(), target);
      case 'nullable':
        return this.type(type.inner, target);
      case 'list': {
        const item = this.type(type.item, target);
        return item && ((value) => Array.isArray(value) && value.forEach((entry) => item(entry)));
      }
      case 'map': {
        const entry = this.type(type.value, target);
        return entry && ((value) => typeof value === 'object' && value !== null && Object.values(value).forEach((item) => entry(item)));
      }
      case 'union': {
        const variants = new Map(type.variants.map((variant) => [variant.name, this.#object(variant.of(), target)]));
        if ([...variants.values()].every((guard) => guard === undefined)) return undefined;
        return (value) => variants.get((value as PlainObject | null)?.[type.tag] as string)?.(value);
      }
      default:
        return undefined;
    }
  }

  #object(owner: Class, target: Stage): Guard {
    const record = recordOf(owner, this.scope.of);
    if (!this.reach(record).some((other) => this.#watched(other, target).length > 0)) return undefined;
    const key = `${record.name} ${target.key}`;
    const known = this.#objects.get(key);
    if (known !== undefined) return (value) => known.guard?.(value);
    const cell: { guard: Guard } = { guard: undefined };
    this.#objects.set(key, cell);
    cell.guard = this.#compile(record, target);
    return cell.guard;
  }

  #compile(record: ObjectRecord, target: Stage): Guard {
    const watches = this.#watched(record, target).map((field): Watch => {
      const dehydrate = this.dehydrators.type(field.type, { class: record.name, field: field.name });
      return {
        field,
        since: field.since as Version,
        pin: target.at(record),
        plain: dehydrate ?? ((value) => value),
        usual: this.dehydrators.fill(record, field),
      };
    });
    const nested = record.fields
      .map((field) => ({ name: field.name, guard: this.type(field.type, target) }))
      .filter((field) => field.guard !== undefined);
    return (value) => {
      if (typeof value !== 'object' || value === null) return;
      for (const watch of watches) check(record, watch, (value as PlainObject)[watch.field.name]);
      for (const { name, guard } of nested) guard?.((value as PlainObject)[name]);
    };
  }

  /** The fields that the target does not have and that may not be dropped in silence. */
  #watched(record: ObjectRecord, target: Stage): readonly FieldRecord[] {
    const line = this.scope.lineOf(record);
    const to = target.at(record);
    return record.fields.filter((field) => {
      if (field.since === undefined || field.until !== undefined || field.ignorable || line.indexOf(field.since) <= line.indexOf(to))
        return false;
      if (field.whenPinned === 'reject') return true;
      if (record.kind !== 'message') return false;
      // A backport of that very step has seen the field and made of it what can be made.
      return stepsOn(record, { line, from: field.since, to: line.before(field.since) as Version }).length === 0;
    });
  }
}

function check(record: ObjectRecord, { field, since, pin, plain, usual }: Watch, value: unknown): void {
  if (value === undefined) return;
  if (usual !== undefined && isDeepStrictEqual(plain(value), usual())) return;
  throw new LynchpinError(
    'PINNED',
    `${record.name}.${field.name} exists since ${since}, but what is sent now must be readable at ${pin}: leave it out, wait until the pin has moved, write @Backport({ from: '${since}', ... }), or mark it ignorable where dropping it does no harm`,
    { class: record.name, field: field.name, since, pin },
  );
}
