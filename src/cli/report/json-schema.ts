import type { LiveApi, LiveObject, Surface } from '../../compat/index.js';
import type { Version } from '../../versions/index.js';

type Schema = Readonly<Record<string, unknown>>;

/** One JSON Schema document. */
export interface Document {
  /** Below the folder of all: `objects/Volume/1.2.schema.json`. */
  readonly path: string;
  readonly schema: Schema;
}

const DRAFT = 'https://json-schema.org/draft/2020-12/schema';
/** The ids of documents. They name a thing and point nowhere. */
const id = (kind: string, name: string, version: string): string => `urn:lynchpin:${kind}:${encodeURIComponent(name)}:${version}`;

/** One version of an object with all that is in it. */
export function objectDocument(surface: Surface, object: LiveObject, version: Version): Document | undefined {
  const entry = object.entries.get(version);
  if (entry === undefined) return undefined;
  const carries = carriesWith(surface, object.name, version);
  return {
    path: `objects/${fileName(object.name)}/${version}.schema.json`,
    schema: {
      $schema: DRAFT,
      $id: id('object', object.name, version),
      title: `${object.name} ${version}`,
      ...entry.schema,
      ...withDefs(defsFor([entry.schema], surface, carries)),
    },
  };
}

/** One version of an API: a document whose definitions are what its methods take and return, and the objects in those. */
export function apiDocument(surface: Surface, api: LiveApi, version: Version): Document | undefined {
  const entry = api.entries.get(version);
  if (entry === undefined) return undefined;
  const shapes = entry.schema as Readonly<Record<string, Schema>>;
  const own = Object.fromEntries(Object.entries(shapes).map(([name, schema]) => [name, { title: name, ...schema }]));
  return {
    path: `apis/${fileName(api.name)}/${version}.schema.json`,
    schema: {
      $schema: DRAFT,
      $id: id('api', api.name, version),
      title: `${api.name} ${version}`,
      $comment: 'What each method takes and returns is among the definitions: "takes MESSAGE", "METHOD returns".',
      ...withDefs({ ...own, ...defsFor(Object.values(shapes), surface, entry.facts.carries, shapes) }),
    },
  };
}

/** Which versions go with a version of an object: those of the newest API version that carries it, or else today's. */
function carriesWith(surface: Surface, name: string, version: Version): Readonly<Record<string, Version>> {
  const today = Object.fromEntries(surface.objects.flatMap((one) => one.versions.slice(-1).map((head) => [one.name, head] as const)));
  const carrying = surface.apis.flatMap((api) =>
    [...api.entries.values()].reverse().flatMap(({ facts }) => (facts.carries[name] === version ? [facts.carries] : [])),
  );
  return { ...today, ...carrying[0], [name]: version };
}

/** The definitions that schemas refer to, and those that these refer to. */
function defsFor(
  schemas: readonly unknown[],
  surface: Surface,
  carries: Readonly<Record<string, Version>>,
  /** The schemas of an API: a message in a message is there, and at no version of its own. */
  shapes: Readonly<Record<string, Schema>> = {},
): Readonly<Record<string, unknown>> {
  const found = new Map<string, unknown>();
  const queue = schemas.flatMap(referencesIn);
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    if (found.has(name)) continue;
    const message = shapes[`takes ${name}`];
    if (message !== undefined) {
      found.set(name, { title: name, ...message });
      queue.push(...referencesIn(message));
      continue;
    }
    const version = carries[name];
    const schema = version === undefined ? undefined : surface.objects.find((one) => one.name === name)?.entries.get(version)?.schema;
    if (schema === undefined) continue;
    found.set(name, { title: `${name} ${version}`, ...(schema as Schema) });
    queue.push(...referencesIn(schema));
  }
  return Object.fromEntries([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function referencesIn(schema: unknown): readonly string[] {
  if (Array.isArray(schema)) return schema.flatMap(referencesIn);
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([key, value]) => {
    const name = key === '$ref' && typeof value === 'string' ? /^#\/\$defs\/(.+)$/.exec(value)?.[1] : undefined;
    return name === undefined ? referencesIn(value) : [decodeURIComponent(name).replaceAll('~1', '/').replaceAll('~0', '~')];
  });
}

function withDefs(defs: Readonly<Record<string, unknown>>): { readonly $defs?: Readonly<Record<string, unknown>> } {
  return Object.keys(defs).length === 0 ? {} : { $defs: defs };
}

function fileName(name: string): string {
  return encodeURIComponent(name).replace(/^\.+/, (dots) => '%2E'.repeat(dots.length));
}
