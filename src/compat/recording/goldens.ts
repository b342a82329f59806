import { LynchpinError } from '../../errors/index.js';
import type { Json, Manifest } from '../../objects/index.js';
import { compareVersions, type Version } from '../../versions/index.js';
import { canonical } from '../facts/canonical.js';
import type { Entry } from '../facts/entry.js';
import type { ApiFacts, ObjectFacts } from '../facts/facts.js';
import { sampleOf } from '../samples/samples.js';
import { shapesOf, shapesOfApi, type FindObject, type Shapes } from '../samples/shapes.js';
import { folderName, pathOf } from './paths.js';
import { tagged } from './tagged.js';

/** A value of a version that is kept for ever, so that later code has to read what earlier code wrote. */
export interface Golden {
  /** From the recording's folder, with `/`. */
  readonly path: string;
  /** The path of the entry that it belongs to. */
  readonly entry: string;
  /** Makes the file's text; undefined for a class of whose values none can be made up. */
  readonly text: () => string | undefined;
}

/**
 * The goldens of some entries: one for each version of an object, and one for each message at every version of its API that
 * changed it. They follow from the names of fields, so that a field that is added changes nothing else in them.
 */
export function goldensOf(entries: readonly Entry[]): readonly Golden[] {
  const objects = new Map<string, Entry<ObjectFacts>>();
  const apis: Entry<ApiFacts>[] = [];
  for (const entry of entries) {
    if (isObject(entry)) objects.set(`${entry.facts.name} ${entry.facts.version}`, entry);
    else if (isApi(entry)) apis.push(entry);
  }
  apis.sort((a, b) => compareVersions(a.facts.version, b.facts.version));
  const find: FindObject = (name, version) => objects.get(`${name} ${version}`)?.facts;
  const newest = newestOf([...objects.values()]);
  return [
    ...[...objects.values()].map(({ facts }): Golden => {
      const { name, version } = facts;
      const text = (): string | undefined => {
        const manifest = manifestOf(facts, apis, newest);
        const shapes = shapesOf(manifest, find);
        return made(name, shapes, (value) => tagged(value, { name, shapes, manifest }));
      };
      return { path: goldenPath(name, version), entry: pathOf(facts), text };
    }),
    ...messageGoldens(apis, find, newest),
  ];
}

/** Where the golden of a version lies. */
function goldenPath(name: string, version: Version): string {
  return `corpus/${folderName(name)}/${version}/golden.json`;
}

/** Whether a file is one that was made as a golden; counterexamples beside it are not. */
export function isGolden(path: string): boolean {
  return /^corpus\/[^/]+\/[^/]+\/golden\.json$/.test(path);
}

function messageGoldens(apis: readonly Entry<ApiFacts>[], find: FindObject, objects: Manifest): readonly Golden[] {
  const owners = new Map<string, Set<string>>();
  for (const { facts } of apis)
    for (const name of Object.keys(facts.messages)) owners.set(name, (owners.get(name) ?? new Set()).add(facts.name));
  const last = new Map<string, string>();
  return apis.flatMap(({ facts }) =>
    Object.entries(facts.messages).flatMap(([name, message]): readonly Golden[] => {
      const content = canonical(message);
      // Two APIs may each have a message of one name, or one of them an object; a path cannot say whose it is.
      if (last.get(name) === content || (owners.get(name)?.size ?? 0) > 1 || Object.hasOwn(objects, name)) return [];
      last.set(name, content);
      return [
        { path: goldenPath(name, facts.version), entry: pathOf(facts), text: () => made(name, shapesOfApi(facts, find), (value) => value) },
      ];
    }),
  );
}

/** What an object's nested objects are at: as the oldest API version has it that carries the object so, or else at their newest. */
function manifestOf({ name, version }: ObjectFacts, apis: readonly Entry<ApiFacts>[], newest: Manifest): Manifest {
  const api = apis.find(({ facts }) => Object.hasOwn(facts.carries, name) && facts.carries[name] === version);
  return { ...newest, ...api?.facts.carries, [name]: version };
}

/** Each object at its newest. */
function newestOf(objects: readonly Entry<ObjectFacts>[]): Manifest {
  const newest = new Map<string, Version>();
  for (const { facts } of objects) {
    const known = newest.get(facts.name);
    if (known === undefined || compareVersions(known, facts.version) < 0) newest.set(facts.name, facts.version);
  }
  return Object.fromEntries(newest);
}

function made(name: string, shapes: Shapes, finish: (value: Json) => Json): string | undefined {
  try {
    return canonical(finish(sampleOf({ name, shapes })));
  } catch (error) {
    if (LynchpinError.is(error, 'DECLARATION')) return undefined;
    throw error;
  }
}

function isObject(entry: Entry): entry is Entry<ObjectFacts> {
  return entry.facts.kind === 'object';
}

function isApi(entry: Entry): entry is Entry<ApiFacts> {
  return entry.facts.kind === 'api';
}
