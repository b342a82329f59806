import { Validators, type Json, type JsonSchema, type Validate } from '../../objects/index.js';
import { digestOf } from '../facts/canonical.js';
import type { Recorded } from '../facts/surface.js';
import { recordedSchemas, referredName, type RecordedPlace } from './recorded-schema.js';

/**
 * Judges values by schemas as they were recorded, not by what the code says today. What is the same at several places, down
 * to everything in it, is compiled once.
 */
export class RecordedValidators {
  readonly #recorded: Recorded;
  readonly #validators = new Validators();
  readonly #found = new Map<string, Validate | undefined>();
  readonly #digests = new Map<JsonSchema, string>();
  readonly #known = new Set<string>();

  constructor(recorded: Recorded) {
    this.#recorded = recorded;
  }

  /** What judges the values at a place; undefined when the schema, or that of something in it, is not recorded. */
  of(place: RecordedPlace): Validate | undefined {
    const key = JSON.stringify(place);
    if (!this.#found.has(key)) this.#found.set(key, this.#compile(place));
    return this.#found.get(key);
  }

  #compile(place: RecordedPlace): Validate | undefined {
    const schemas = recordedSchemas(this.#recorded, place);
    if (schemas === undefined) return undefined;
    const { root } = schemas;
    const definitions = new Map(schemas.definitions);
    // Objects are compiled once, whether they are asked for or met in others.
    if (place.kind === 'object') definitions.set(place.name, root);
    const names = [...definitions.keys()].sort();
    // Whatever refers to another in a circle stands and falls with it, so one identifier for the whole set is as good as several.
    const set = names.map((name) => `${name} ${this.#digest(definitions.get(name) ?? {})}`);
    const idOf = (name: string): string => `lynchpin:recorded/${digestOf(set).slice(2)}/${encodeURIComponent(name)}`;
    for (const [name, schema] of definitions) {
      if (this.#known.has(idOf(name))) continue;
      this.#known.add(idOf(name));
      this.#validators.add(idOf(name), withReferences(schema, idOf));
    }
    return this.#validators.of(place.kind === 'object' ? { $ref: idOf(place.name) } : withReferences(root, idOf));
  }

  #digest(schema: JsonSchema): string {
    let digest = this.#digests.get(schema);
    if (digest === undefined) this.#digests.set(schema, (digest = digestOf(schema)));
    return digest;
  }
}

/** The schema with each `#/$defs/NAME` replaced by where that one is really found. */
function withReferences(schema: JsonSchema, idOf: (name: string) => string): JsonSchema {
  const visit = (value: Json): Json => {
    if (Array.isArray(value)) return value.map(visit);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([keyword, item]) => {
        const name = keyword === '$ref' ? referredName(item) : undefined;
        return [keyword, name === undefined ? visit(item) : idOf(name)];
      }),
    );
  };
  return visit(schema) as JsonSchema;
}
