import { LynchpinError } from '../../errors/index.js';
import { ObjectGraph, type Class } from '../../objects/index.js';
import { compareVersions, type Line, type Version } from '../../versions/index.js';
import type { DeclaredErrors } from '../wire/index.js';
import { recordApi } from './record-api.js';
import type { ApiRecord, MethodRecord } from './records.js';

/** Turns a value that a program holds into the plain form of one version. */
export type Write = (value: unknown) => unknown;
/** Turns the plain form of one version into the value that a program holds. */
export type Read = (json: unknown) => unknown;

const NOTHING: Write & Read = () => undefined;

/**
 * An API's record with everything that follows from it: which method answers to which name at which version, and the
 * compiled conversions of arguments and results. Whole-graph declaration errors come up when it is made.
 */
export class Contract {
  readonly line: Line;
  readonly topic: string;
  readonly graph: ObjectGraph;
  readonly errors: DeclaredErrors;
  readonly #byProperty: ReadonlyMap<string, MethodRecord>;
  readonly #byWire = new Map<Version, Map<string, MethodRecord>>();
  readonly #names = new Map<MethodRecord, Map<Version, string>>();

  /** @throws LynchpinError `DECLARATION` for a class that is no contract, or whose objects and methods cannot work together. */
  constructor(readonly record: ApiRecord) {
    this.line = record.line;
    this.topic = record.topic;
    this.errors = new Map(record.errors.map((error) => [error.name, error]));
    this.#byProperty = new Map(record.methods.map((method) => [method.property, method]));
    this.#placeMethods();
    this.graph = new ObjectGraph({ of: record.name, line: record.line, carries: record.carries });
    for (const method of record.methods) {
      const where = `${record.name}.${method.property}`;
      if (method.takes !== undefined) this.graph.add(method.takes, { direction: 'in', where: `${where} takes` });
      if (method.returns !== undefined) this.graph.add(method.returns, { direction: 'out', where: `${where} returns` });
    }
    this.graph.check();
  }

  /** The contract that a decorated (or defined) class stands for. */
  static of(api: Class): Contract {
    return new Contract(recordApi(api));
  }

  /** The version that this build speaks at its newest. */
  get head(): Version {
    return this.line.head;
  }

  get methods(): readonly MethodRecord[] {
    return this.record.methods;
  }

  /** The method that a property declares. */
  method(property: string): MethodRecord | undefined {
    return this.#byProperty.get(property);
  }

  /** A method's name on the wire at a version; undefined where it does not exist. */
  wireName(method: MethodRecord, version: Version): string | undefined {
    return this.#names.get(method)?.get(version);
  }

  /** The method that answers to a name on the wire at a version. */
  find(version: Version, name: string): MethodRecord | undefined {
    return this.#byWire.get(version)?.get(name);
  }

  readonly writeRequest = perVersion<Write>((method, version) =>
    method.takes === undefined ? NOTHING : this.graph.writer(method.takes, version, 'in'),
  );
  readonly readRequest = perVersion<Read>((method, version) =>
    method.takes === undefined ? NOTHING : this.graph.reader(method.takes, version),
  );
  readonly writeResult = perVersion<Write>((method, version) =>
    method.returns === undefined ? NOTHING : this.graph.writer(method.returns, version, 'out'),
  );
  readonly readResult = perVersion<Read>((method, version) =>
    method.returns === undefined ? NOTHING : this.graph.reader(method.returns, version),
  );

  /** The version of an answer: the newest of this build's that the caller accepts, or else the nearest to it. */
  answerVersion(accept: Version): Version {
    if (this.line.has(accept)) return accept;
    return newestUpTo(this.line, accept) ?? this.line.floor;
  }

  #placeMethods(): void {
    for (const version of this.line.versions) this.#byWire.set(version, new Map());
    for (const method of this.record.methods) {
      const names = new Map<Version, string>();
      for (const version of this.line.versions) {
        const name = nameAt(this.line, method, version);
        if (name === undefined) continue;
        const twin = this.#byWire.get(version)?.get(name);
        if (twin !== undefined) {
          throw new LynchpinError(
            'DECLARATION',
            `${this.record.name}.${method.property} and ${this.record.name}.${twin.property} are both called "${name}" at ${version}: give one of them another name, or versions that do not overlap (since, until)`,
          );
        }
        this.#byWire.get(version)?.set(name, method);
        names.set(version, name);
      }
      this.#names.set(method, names);
    }
  }
}

function nameAt(line: Line, method: MethodRecord, version: Version): string | undefined {
  const at = line.indexOf(version);
  if (at < line.indexOf(method.since)) return undefined;
  // What ended before the floor is at -1: it is gone everywhere.
  if (method.until !== undefined && at >= line.indexOf(method.until)) return undefined;
  for (const rename of method.was) if (at < line.indexOf(rename.until)) return rename.name;
  return method.name;
}

function newestUpTo(line: Line, bound: Version): Version | undefined {
  const older = line.versions.filter((version) => compareVersions(version, bound) <= 0);
  return older[older.length - 1];
}

/** Looks a conversion up in the graph once per method and version: it is needed for every message. */
function perVersion<Conversion>(
  find: (method: MethodRecord, version: Version) => Conversion,
): (method: MethodRecord, version: Version) => Conversion {
  const found = new Map<MethodRecord, Map<Version, Conversion>>();
  return (method, version) => {
    let versions = found.get(method);
    if (versions === undefined) found.set(method, (versions = new Map()));
    let conversion = versions.get(version);
    if (conversion === undefined) versions.set(version, (conversion = find(method, version)));
    return conversion;
  };
}
