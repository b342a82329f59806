import type { Version } from '../../versions/index.js';
import type { ApiFacts, FieldFacts, ObjectFacts } from '../facts/facts.js';

/** The fields of every class that a value may hold, by the class's name, each at the version that goes with the others. */
export type Shapes = Readonly<Record<string, Readonly<Record<string, FieldFacts>>>>;

/** Finds what an object is at a version; undefined where nobody knows. */
export type FindObject = (name: string, version: Version) => ObjectFacts | undefined;

/** Everything that a version of an API reaches: its messages, and each object at the carried version. */
export function shapesOfApi(api: ApiFacts, find: FindObject): Shapes {
  const messages = Object.entries(api.messages).map(([name, { fields }]) => [name, fields] as const);
  return Object.fromEntries([...messages, ...Object.entries(shapesOf(api.carries, find))]);
}

/** The objects of a manifest, each at its version. */
export function shapesOf(manifest: Readonly<Record<string, Version>>, find: FindObject): Shapes {
  return Object.fromEntries(
    Object.entries(manifest).flatMap(([name, version]) => {
      const facts = find(name, version);
      return facts === undefined ? [] : [[name, facts.fields] as const];
    }),
  );
}
