import { recordOf } from '../records/record-of.js';
import { placeName, type Place } from '../plan/refusal.js';
import type { PlainObject } from '../records/record.js';
import type { Class } from '../types/class.js';
import type { TypeNode } from '../types/field-type.js';
import type { Json } from '../types/values.js';
import { currentFields, type Dehydrators } from './dehydrate.js';
import { parseInstant } from './instant.js';
import { copyJson } from './json.js';
import { remember } from './received.js';

/** Turns a valid plain value of the newest form into what programs have. Undefined where the two are the same. */
export type Hydrate = ((value: unknown) => unknown) | undefined;

interface Part {
  readonly name: string;
  readonly hydrate: Hydrate;
  readonly fill: (() => unknown) | undefined;
}

/**
 * Compiles what turns valid plain data of the newest form into instances, with defaults filled in. Instances are made with
 * `new` and no arguments, so that initialisers of undeclared properties run. Nothing of the plain data is shared with them.
 */
export class Hydrators {
  readonly #objects = new Map<Class, (value: unknown) => object>();

  constructor(readonly dehydrators: Dehydrators) {}

  /** For the values of a type. */
  type(type: TypeNode, place: Place): Hydrate {
    switch (type.kind) {
      case 'datetime':
        return (value) => new Date(parseInstant(value as string));
      case 'bigint':
        return (value) => BigInt(value as string);
      case 'bytes':
        return (value) => new Uint8Array(Buffer.from(value as string, 'base64'));
      case 'json':
        return (value) => (typeof value === 'object' ? copyJson(value as Json, place) : value);
      case 'list': {
        const item = this.type(type.item, place);
        return item === undefined ? (value) => (value as unknown[]).slice() : (value) => (value as unknown[]).map((entry) => item(entry));
      }
      case 'map': {
        const item = this.type(type.value, place);
        return (value) => {
          const map: PlainObject = {};
          for (const key of Object.keys(value as PlainObject)) {
            const entry = (value as PlainObject)[key];
            map[key] = item === undefined ? entry : item(entry);
          }
          return map;
        };
      }
      case 'nullable': {
        const inner = this.type(type.inner, place);
        return inner && ((value) => (value === null ? null : inner(value)));
      }
      case 'object':
        return this.object(type.of(), place);
      case 'union': {
        const variants = new Map<unknown, (value: unknown) => object>(
          type.variants.map((variant) => [variant.name, this.object(variant.of(), place)]),
        );
        return (value) => (variants.get((value as PlainObject)[type.tag]) as (value: unknown) => object)(value);
      }
      default:
        return undefined;
    }
  }

  /** For the instances of a declared class. */
  object(owner: Class, place: Place): (value: unknown) => object {
    const known = this.#objects.get(owner);
    if (known !== undefined) return known;
    const record = recordOf(owner, placeName(place));
    // Messages are not stored, so nobody asks what was changed in one.
    const tracked = record.kind === 'object';
    const make = owner as unknown as new () => PlainObject;
    let parts: readonly Part[] = [];
    const hydrate = (value: unknown): object => {
      const instance = new make();
      for (const part of parts) {
        let item = (value as PlainObject)[part.name];
        if (item === undefined) {
          if (part.fill === undefined) continue;
          item = part.fill();
        } else if (part.hydrate !== undefined) item = part.hydrate(item);
        instance[part.name] = item;
      }
      if (tracked) remember(instance, value as PlainObject);
      return instance;
    };
    this.#objects.set(owner, hydrate);
    parts = currentFields(record).map((field): Part => {
      const inner = this.type(field.type, { class: record.name, field: field.name });
      const fill = this.dehydrators.fill(record, field);
      return { name: field.name, hydrate: inner, fill: fill === undefined || inner === undefined ? fill : () => inner(fill()) };
    });
    return hydrate;
  }
}
