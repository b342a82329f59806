import { LynchpinError } from '../errors/index.js';
import { ObjectGraph, reachOf, recordOf, type Carries, type Class, type ObjectRecord } from '../objects/index.js';
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
}

/**
 * The conversions of a class as servers and clients compile them.
 * @param api the contract that says at which version nested objects are. Without it they are at their newest. A message needs it.
 * @throws LynchpinError `DECLARATION` for a class that is not declared, or a message without its API.
 */
export function conversionOf(owner: Class<object>, api: Class<object> | undefined): Conversion {
  const record = recordOf(owner, 'lynchpin/testing');
  const contract = api === undefined ? undefined : Contract.of(api);
  if (record.kind === 'message' && contract === undefined)
    throw new LynchpinError(
      'DECLARATION',
      `${record.name} is a message, so its versions are those of an API: say of which, with { api: VolumeApi }`,
      { class: record.name },
    );
  const graph = record.line === undefined && contract !== undefined ? contract.graph : ownGraph(record, contract);
  graph.add(owner, { direction: 'out', where: record.name });
  const line = record.line ?? (contract as Contract).line;
  return {
    record,
    line,
    convert: (data, from, to) => {
      for (const version of [from, to]) requireVersion(record, line, version);
      return graph.converter(owner, from, to)(data);
    },
  };
}

/** @throws LynchpinError `DECLARATION` when the line does not have the version. */
function requireVersion(record: ObjectRecord, line: Line, version: Version): void {
  if (!line.has(version))
    throw new LynchpinError('DECLARATION', `${record.name} has no version ${version}: its versions are ${line}`, {
      class: record.name,
      version,
    });
}

/** A graph whose versions are the object's own: also those that no version of an API carries can be converted to. */
function ownGraph(record: ObjectRecord, contract: Contract | undefined): ObjectGraph {
  const line = record.line as Line;
  const nested = reachOf(record).filter((other) => other !== record && other.kind === 'object');
  const carries: Record<Version, Record<string, Version>> = {};
  for (const version of line.versions) {
    const manifest = contract === undefined ? undefined : manifestWith(contract, record, version);
    carries[version] = { [record.name]: version };
    for (const other of nested) {
      const newest = (other.line as Line).head;
      Object.assign(carries[version], { [other.name]: manifest?.[other.name] ?? newest });
    }
  }
  return new ObjectGraph({ of: record.name, line, carries: carries as Carries });
}

/** What the contract carries along with a version of the object; for one that it never carries, with the next that it does. */
function manifestWith(contract: Contract, record: ObjectRecord, version: Version): Readonly<Record<string, Version>> | undefined {
  const line = record.line as Line;
  const manifests = contract.line.versions.map((at) => contract.graph.manifest(at));
  const reached = manifests.filter((manifest) => manifest[record.name] !== undefined);
  return reached.find((manifest) => line.indexOf(manifest[record.name] as Version) >= line.indexOf(version)) ?? reached.at(-1);
}
