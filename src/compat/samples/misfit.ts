import { describeType } from '../diff/describe.js';
import type { TypeFacts } from '../facts/facts.js';
import type { Makers } from './makers.js';

/** Why a value is none of a class, and where. */
export interface Misfit {
  /** A JSON pointer. */
  readonly path: string;
  /** Such as `has no sizeGb, which is required`. */
  readonly what: string;
  /** The objects on the way there, the outermost first, each with its class. */
  readonly through: readonly { readonly name: string; readonly value: unknown }[];
}

/** What is wrong with a value of a class; undefined when nothing is. Fields that the facts do not name are wrong, too. */
export function misfitOf(makers: Makers, name: string, value: unknown): Misfit | undefined {
  if (makers.of(name).fits(value)) return undefined;
  return inObject(makers, name, value, { path: '', through: [] });
}

type Way = Omit<Misfit, 'what'>;

function inObject(makers: Makers, name: string, value: unknown, way: Way): Misfit {
  const { path } = way;
  const through = [...way.through, { name, value }];
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { path, through, what: `is not a ${name}` };
  const fields = makers.shapes[name] ?? {};
  for (const [field, { type, presence }] of Object.entries(fields)) {
    const item = (value as Record<string, unknown>)[field];
    if (item === undefined && presence === 'required') return { path, through, what: `has no ${field}, which is required` };
    const inner = item === undefined ? undefined : inType(makers, type, item, { path: `${path}/${field}`, through });
    if (inner !== undefined) return inner;
  }
  const strange = Object.keys(value).find((key) => !Object.hasOwn(fields, key));
  return {
    path,
    through,
    what: strange === undefined ? `is not a ${name}` : `has the field ${strange}, which is not there at that version`,
  };
}

function inType(makers: Makers, type: TypeFacts, value: unknown, way: Way): Misfit | undefined {
  if (makers.fits(type, value)) return undefined;
  const at = (key: string | number): Way => ({ ...way, path: `${way.path}/${key}` });
  const inner = (): Misfit | undefined => {
    switch (type.kind) {
      case 'nullable':
        return inType(makers, type.inner, value, way);
      case 'list':
        return Array.isArray(value) ? first(value.entries(), ([index, item]) => inType(makers, type.item, item, at(index))) : undefined;
      case 'map':
        return isObject(value) ? first(Object.entries(value), ([key, item]) => inType(makers, type.value, item, at(key))) : undefined;
      case 'object':
        return inObject(makers, type.of, value, way);
      case 'union': {
        const tag = isObject(value) ? value[type.tag] : undefined;
        const name = typeof tag === 'string' && Object.hasOwn(type.variants, tag) ? type.variants[tag] : undefined;
        return name === undefined ? undefined : inObject(makers, name, value, way);
      }
      default:
        return undefined;
    }
  };
  return inner() ?? { ...way, what: `is ${text(value)}, and must be ${describeType(type)}` };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function text(value: unknown): string {
  const json = JSON.stringify(value) ?? String(value);
  return json.length > 200 ? `${json.slice(0, 200)}...` : json;
}

function first<T, R>(items: Iterable<T>, look: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const found = look(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
