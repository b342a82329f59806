import type { Json, Manifest } from '../../objects/index.js';
import type { TypeFacts } from '../facts/facts.js';
import type { Shapes } from '../samples/shapes.js';
import { isPlainObject } from './plain.js';

/** Which class some plain data is of, and at which versions it and the objects in it are. */
export interface TaggedAs {
  readonly name: string;
  readonly shapes: Shapes;
  readonly manifest: Manifest;
}

/** Plain data as that of an object that stands alone: each object in it says what it is, as `"$object": "Volume@1.2"`. */
export function tagged(value: Json, { name, shapes, manifest }: TaggedAs): Json {
  if (!isPlainObject(value)) return value;
  const fields = shapes[name] ?? {};
  const parts = Object.entries(value as { readonly [key: string]: Json }).map(([key, item]) => {
    const type = fields[key]?.type;
    return [key, type === undefined ? item : inside(item, type, (inner, of) => tagged(inner, { name: of, shapes, manifest }))] as const;
  });
  return { $object: `${name}@${manifest[name] ?? ''}`, ...Object.fromEntries(parts) };
}

function inside(value: Json, type: TypeFacts, visit: (value: Json, name: string) => Json): Json {
  switch (type.kind) {
    case 'object':
      return visit(value, type.of);
    case 'union': {
      const tag = isPlainObject(value) ? value[type.tag] : undefined;
      const name = typeof tag === 'string' ? type.variants[tag] : undefined;
      return name === undefined ? value : visit(value, name);
    }
    case 'nullable':
      return value === null ? null : inside(value, type.inner, visit);
    case 'list':
      return Array.isArray(value) ? value.map((item: Json) => inside(item, type.item, visit)) : value;
    case 'map':
      return isPlainObject(value)
        ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, inside(item as Json, type.value, visit)]))
        : value;
    default:
      return value;
  }
}
