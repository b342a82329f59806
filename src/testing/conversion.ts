import { shapesOf, shapesOfApi, surfaceOf, type FindObject, type Shapes } from '../compat/index.js';
import { LynchpinError } from '../errors/index.js';
import { ObjectGraph, reachOf, recordOf, Snapshots, type Class, type Manifest, type ObjectRecord } from '../objects/index.js';
import { Contract } from '../rpc/index.js';
import type { Line, Version } from '../versions/index.js';

/** The plain JSON of one declared class, at every version that it has, and the ways between them. */
export interface Conversion {
  readonly record: ObjectRecord;
  /** The versions of the class; a message counts in those of its API. */
  readonly line: Line;
  /**
   * Data of one version as another has it. What goes in and what functions make is validated.
   * @throws LynchpinError `INVALID`, `CONVERSION`.
   */
  convert(data: unknown, from: Version, to: Version): unknown;
  /** The fields of the class and of all in it, at a version and what goes with it. */
  shapes(version: Version): Shapes;
  /** The names on the wire that a class's own fields have at a version, by today's names. */
  names(version: Version): ReadonlyMap<string, string>;
}

/** Where a class is to be converted. */
export interface ConversionOptions {
  /** The contract on whose versions a message counts. */
  readonly api: Class<object> | undefined;
  /** At which versions nested objects are: where the contract carries them, or always at their newest. Default: carried, where there is a contract. */
  readonly nested?: 'carried' | 'newest';
}

/**
 * The conversions of a class as servers and clients compile them.
 * @throws LynchpinError `DECLARATION` for a class that is not declared, or a message without its API.
 */
export function conversionOf(owner: Class<object>, { api, nested = 'carried' }: ConversionOptions): Conversion {
  const record = recordOf(owner, 'lynchpin/testing');
  const contract = api === undefined ? undefined : Contract.of(api);
  const line = record.line ?? contract?.line;
  if (line === undefined)
    throw new LynchpinError(
      'DECLARATION',
      `${record.name} is a message, so its versions are those of an API: say of which, with { api: VolumeApi }`,
      { class: record.name },
    );
  const manifests = manifestsOf(record, line, nested === 'carried' ? contract : undefined);
  const graph = new ObjectGraph({ of: record.name, line, carries: manifests });
  graph.add(owner, { direction: 'out', where: record.name });
  const known = (version: Version): Version => {
    if (line.has(version)) return version;
    throw new LynchpinError('DECLARATION', `${record.name} has no version ${version}: its versions are ${line}`, {
      class: record.name,
      version,
    });
  };
  return {
    record,
    line,
    convert: (data, from, to) => graph.converter(owner, known(from), known(to))(data),
    shapes: (version) => {
      const { objects, apis } = surfaceOf({ contracts: contract === undefined ? [] : [contract], objects: [owner] });
      const find: FindObject = (name, at) => objects.find((object) => object.name === name)?.entries.get(at)?.facts;
      const shapes = shapesOf(manifests[known(version)] ?? {}, find);
      const facts = record.kind === 'message' ? apis[0]?.entries.get(version)?.facts : undefined;
      return facts === undefined ? shapes : { ...shapesOfApi({ ...facts, carries: {} }, find), ...shapes };
    },
    names: (version) => {
      const fields = new Snapshots(record.name, record.line === undefined ? line : undefined).fields(record, known(version));
      return new Map(fields.map(({ name, record: { name: today } }) => [today, name]));
    },
  };
}

/**
 * What goes with each version of the class, itself included. A version that the contract never carries has what goes with
 * the next one that it does.
 */
function manifestsOf(record: ObjectRecord, line: Line, contract: Contract | undefined): Record<Version, Manifest> {
  const nested = reachOf(record).filter((other) => other !== record && other.kind === 'object');
  const carried = contract?.line.versions.map((at) => ({ at, manifest: contract.graph.manifest(at) })) ?? [];
  const goesWith = (version: Version): Manifest | undefined => {
    if (record.kind === 'message') return carried.find(({ at }) => at === version)?.manifest;
    const reached = carried.filter(({ manifest }) => manifest[record.name] !== undefined);
    const next = reached.find(({ manifest }) => line.indexOf(manifest[record.name] as Version) >= line.indexOf(version));
    return (next ?? reached.at(-1))?.manifest;
  };
  const manifests: Record<Version, Manifest> = {};
  for (const version of line.versions) {
    const manifest = goesWith(version);
    const objects = nested.map(({ name, line: own }): [string, Version] => [name, manifest?.[name] ?? (own as Line).head]);
    manifests[version] = Object.fromEntries(record.kind === 'message' ? objects : [[record.name, version], ...objects]);
  }
  return manifests;
}
