import type { Json, JsonSchema, Manifest } from '../../objects/index.js';
import type { Version } from '../../versions/index.js';
import { recordedEntry, type Recorded } from '../facts/surface.js';

/** Schemas as they were recorded: that of the root, and those of everything in it by name. */
export interface RecordedSchemas {
  readonly root: JsonSchema;
  readonly definitions: ReadonlyMap<string, JsonSchema>;
}

/** Where the values of a recorded schema stand. */
export type RecordedPlace =
  | { readonly kind: 'object'; readonly name: string; readonly version: Version; readonly manifest: Manifest }
  | { readonly kind: 'message'; readonly topic: string; readonly version: Version; readonly name: string }
  | { readonly kind: 'answer'; readonly topic: string; readonly version: Version; readonly method: string };

/**
 * The recorded schema of an object, a message or a method's answer, with those of everything in it; undefined when one of
 * them is not recorded.
 */
export function recordedSchemas(recorded: Recorded, place: RecordedPlace): RecordedSchemas | undefined {
  const find = finder(recorded, place);
  const root = find.root();
  if (root === undefined) return undefined;
  const definitions = new Map<string, JsonSchema>();
  const waiting = [...namesIn(root)];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (definitions.has(name)) continue;
    const schema = find.definition(name);
    if (schema === undefined) return undefined;
    definitions.set(name, schema);
    waiting.push(...namesIn(schema));
  }
  return { root, definitions };
}

/** The same as one JSON Schema (draft 2020-12) that needs no other, for tools that know nothing of recordings. */
export function recordedSchema(recorded: Recorded, place: RecordedPlace): JsonSchema | undefined {
  const found = recordedSchemas(recorded, place);
  if (found === undefined) return undefined;
  const definitions = [...found.definitions].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    ...found.root,
    ...(definitions.length === 0 ? {} : { $defs: Object.fromEntries(definitions) }),
  };
}

interface Finder {
  root(): JsonSchema | undefined;
  definition(name: string): JsonSchema | undefined;
}

function finder(recorded: Recorded, place: RecordedPlace): Finder {
  const object = (name: string, version: Version | undefined) =>
    version === undefined ? undefined : recordedEntry(recorded, 'object', name, version)?.schema;
  if (place.kind === 'object')
    return {
      root: () => object(place.name, place.version),
      // An object in itself is at its own version, whatever the manifest of an API says.
      definition: (name) => object(name, name === place.name ? place.version : place.manifest[name]),
    };
  const api = recordedEntry(recorded, 'api', place.topic, place.version);
  const part = (key: string): JsonSchema | undefined => api?.schema[key] as JsonSchema | undefined;
  return {
    root: () => part(place.kind === 'message' ? `takes ${place.name}` : `${place.method} returns`),
    definition: (name) => part(`takes ${name}`) ?? object(name, api?.facts.carries[name]),
  };
}

/** The names of the definitions that a schema refers to. */
function namesIn(schema: Json): readonly string[] {
  if (Array.isArray(schema)) return schema.flatMap(namesIn);
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([keyword, value]) => {
    const name = keyword === '$ref' ? referredName(value) : undefined;
    return name === undefined ? namesIn(value) : [name];
  });
}

/** The name in `#/$defs/NAME`. */
export function referredName(reference: Json | undefined): string | undefined {
  const [, name] = typeof reference === 'string' ? (/^#\/\$defs\/([^/]+)$/.exec(reference) ?? []) : [];
  return name?.replaceAll('~1', '/').replaceAll('~0', '~');
}
