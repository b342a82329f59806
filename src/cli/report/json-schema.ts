import type { LiveApi, LiveObject, Recorded, RecordedPlace, RecordedSchemas, Surface } from '../../compat/index.js';
import type { Version } from '../../versions/index.js';

type Schema = Readonly<Record<string, unknown>>;

/** One JSON Schema document. */
export interface Document {
  /** Below the folder of all: `objects/Volume/1.2.schema.json`. */
  readonly path: string;
  readonly schema: Schema;
}

/** What documents are made of and with. */
export interface Exported {
  readonly surface: Surface;
  /** The same, as it would be recorded. */
  readonly recorded: Recorded;
  readonly schemas: (recorded: Recorded, place: RecordedPlace) => RecordedSchemas | undefined;
  readonly pathOf: (facts: { readonly kind: 'object' | 'api'; readonly name: string; readonly version: Version }) => string;
}

const DRAFT = 'https://json-schema.org/draft/2020-12/schema';

/** One version of an object with all that is in it. */
export function objectDocument(exported: Exported, object: LiveObject, version: Version): Document | undefined {
  const manifest = carriesWith(exported.surface, object.name, version);
  const found = exported.schemas(exported.recorded, { kind: 'object', name: object.name, version, manifest });
  if (found === undefined) return undefined;
  const title = `${object.name} ${version}`;
  return documentOf(exported, 'object', object.name, version, { title, ...found.root }, titled(found.definitions, manifest));
}

/** One version of an API: a document whose definitions are what its methods take and return, and the objects in those. */
export function apiDocument(exported: Exported, api: LiveApi, version: Version): Document | undefined {
  const entry = api.entries.get(version);
  if (entry === undefined) return undefined;
  const definitions = new Map<string, unknown>();
  for (const key of Object.keys(entry.schema)) {
    const found = exported.schemas(exported.recorded, placeOf(api.name, version, key));
    if (found === undefined) return undefined;
    definitions.set(key, { title: key, ...found.root });
    for (const [name, schema] of titled(found.definitions, entry.facts.carries)) definitions.set(name, schema);
  }
  const root = {
    title: `${api.name} ${version}`,
    $comment: 'What each method takes and returns is among the definitions: "takes MESSAGE", "METHOD returns".',
  };
  return documentOf(exported, 'api', api.name, version, root, definitions);
}

/** An API's schemas are kept as `takes MESSAGE` and `METHOD returns`. */
function placeOf(topic: string, version: Version, key: string): RecordedPlace {
  const message = /^takes (.+)$/.exec(key)?.[1];
  return message === undefined
    ? { kind: 'answer', topic, version, method: key.replace(/ returns$/, '') }
    : { kind: 'message', topic, version, name: message };
}

function documentOf(
  { pathOf }: Exported,
  kind: 'object' | 'api',
  name: string,
  version: Version,
  root: Schema,
  definitions: ReadonlyMap<string, unknown>,
): Document {
  const sorted = [...definitions].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    path: pathOf({ kind, name, version }).replace(/\.json$/, '.schema.json'),
    schema: {
      $schema: DRAFT,
      // Ids name a thing and point nowhere.
      $id: `urn:lynchpin:${kind}:${encodeURIComponent(name)}:${version}`,
      ...root,
      ...(sorted.length === 0 ? {} : { $defs: Object.fromEntries(sorted) }),
    },
  };
}

/** Messages have no version of their own. */
function titled(definitions: RecordedSchemas['definitions'], carries: Readonly<Record<string, Version>>): ReadonlyMap<string, unknown> {
  return new Map(
    [...definitions].map(([name, schema]) => {
      const version = carries[name];
      return [name, { title: version === undefined ? name : `${name} ${version}`, ...schema }] as const;
    }),
  );
}

/** Which versions go with a version of an object: those of the newest API version that carries it, or else today's. */
function carriesWith(surface: Surface, name: string, version: Version): Readonly<Record<string, Version>> {
  const today = Object.fromEntries(surface.objects.flatMap((one) => one.versions.slice(-1).map((head) => [one.name, head] as const)));
  const carrying = surface.apis.flatMap((api) =>
    [...api.entries.values()].reverse().flatMap(({ facts }) => (facts.carries[name] === version ? [facts.carries] : [])),
  );
  return { ...today, ...carrying[0], [name]: version };
}
