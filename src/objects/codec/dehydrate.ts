import { types } from 'node:util';
import { LynchpinError } from '../../errors/index.js';
import { placeName, type Place } from '../plan/refusal.js';
import { recordOf } from '../records/record-of.js';
import { defaultValue, type FieldRecord, type ObjectRecord, type PlainObject } from '../records/record.js';
import type { Class } from '../types/class.js';
import type { ListConstraints, TypeNode, UnionNode } from '../types/field-type.js';
import { copyJson } from './json.js';
import { describe, misfit } from './misfit.js';

/** Turns a value as programs have it into its plain form. Undefined where the two are the same. */
export type Dehydrate = ((value: unknown) => unknown) | undefined;

interface Part {
  readonly name: string;
  readonly dehydrate: Dehydrate;
  readonly fill: (() => unknown) | undefined;
}

/**
 * Compiles what turns instances and literals into the newest plain form, with defaults filled in. It copies everything that
 * has parts, and checks only what it must in order to do so: the schema judges the result.
 */
export class Dehydrators {
  readonly #objects = new Map<Class, (value: unknown) => PlainObject>();

  /** For the values of a type. */
  type(type: TypeNode, place: Place): Dehydrate {
    switch (type.kind) {
      case 'datetime':
        return (value) => wireDate(value, place);
      case 'bigint':
        return (value) => (typeof value === 'bigint' ? value.toString() : misfit(place, 'a bigint', value));
      case 'bytes':
        return (value) => (types.isUint8Array(value) ? wireBytes(value) : misfit(place, 'a Uint8Array', value));
      case 'json':
        return (value) => copyJson(value, place);
      case 'list':
        return this.#list(type, place);
      case 'map':
        return this.#map(type.value, place);
      case 'nullable': {
        const inner = this.type(type.inner, place);
        return inner && ((value) => (value === null ? null : inner(value)));
      }
      case 'object':
        return this.object(type.of(), place);
      case 'union':
        return this.#union(type, place);
      default:
        return undefined;
    }
  }

  /** For the instances of a declared class, or literals of the same form. */
  object(owner: Class, place: Place): (value: unknown) => PlainObject {
    const known = this.#objects.get(owner);
    if (known !== undefined) return known;
    const record = recordOf(owner, placeName(place));
    let parts: readonly Part[] = [];
    const dehydrate = (value: unknown): PlainObject => {
      if (typeof value !== 'object' || value === null || Array.isArray(value))
        throw new LynchpinError('INVALID', `${record.name} must be an object, not ${describe(value)}`, { class: record.name });
      const wire: PlainObject = {};
      for (const part of parts) {
        let item = (value as PlainObject)[part.name];
        if (item === undefined) {
          if (part.fill === undefined) continue;
          item = part.fill();
        } else if (part.dehydrate !== undefined) item = part.dehydrate(item);
        wire[part.name] = item;
      }
      return wire;
    };
    // Known before its parts are compiled, because classes refer to each other in a circle.
    this.#objects.set(owner, dehydrate);
    parts = currentFields(record).map((field) => ({
      name: field.name,
      dehydrate: this.type(field.type, { class: record.name, field: field.name }),
      fill: this.fill(record, field),
    }));
    return dehydrate;
  }

  /** Makes the default of a field in its plain form, anew each time where it could be changed. Undefined when it has none. */
  fill(record: ObjectRecord, field: FieldRecord): (() => unknown) | undefined {
    const { default: given } = field;
    if (given === undefined) return undefined;
    const dehydrate = this.type(field.type, { class: record.name, field: field.name });
    const make = (): unknown => (dehydrate === undefined ? defaultValue(given) : dehydrate(defaultValue(given)));
    if (given.made || (typeof given.value === 'object' && given.value !== null)) return make;
    const value = given.value === null ? null : make();
    return () => value;
  }

  #list(type: ListConstraints & { readonly item: TypeNode }, place: Place): Dehydrate {
    const item = this.type(type.item, place);
    return (value) => {
      if (!Array.isArray(value)) return misfit(place, 'a list', value);
      return item === undefined ? [...(value as unknown[])] : value.map((entry) => item(entry));
    };
  }

  #map(type: TypeNode, place: Place): Dehydrate {
    const item = this.type(type, place);
    return (value) => {
      if (typeof value !== 'object' || value === null || Array.isArray(value) || types.isMap(value))
        return misfit(place, 'an object of entries', value);
      const wire: PlainObject = {};
      for (const key of Object.keys(value)) {
        const entry = (value as PlainObject)[key];
        if (key === '__proto__') misfit(place, 'a map without a key __proto__', value);
        if (entry !== undefined) wire[key] = item === undefined ? entry : item(entry);
      }
      return wire;
    };
  }

  #union(type: UnionNode, place: Place): Dehydrate {
    const variants = new Map<unknown, (value: unknown) => PlainObject>(
      type.variants.map((variant) => [variant.name, this.object(variant.of(), place)]),
    );
    const names = type.variants.map((variant) => variant.name).join(', ');
    return (value) => {
      const tag = typeof value === 'object' && value !== null ? (value as PlainObject)[type.tag] : undefined;
      const variant = variants.get(tag);
      return variant === undefined ? misfit(place, `an object whose ${type.tag} is one of ${names}`, value) : variant(value);
    };
  }
}

/** The fields that new objects have: those that have not ended. */
export function currentFields(record: ObjectRecord): readonly FieldRecord[] {
  return record.fields.filter((field) => field.until === undefined);
}

function wireDate(value: unknown, place: Place): string {
  if (!types.isDate(value)) return misfit(place, 'a Date', value);
  const year = value.getUTCFullYear();
  return year >= 0 && year <= 9999 ? value.toISOString() : misfit(place, 'a Date between the years 0000 and 9999', value);
}

function wireBytes(value: Uint8Array): string {
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64');
}
