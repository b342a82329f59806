import { LynchpinError } from '../../errors/index.js';
import { didYouMean, findRecord, isFieldType, type Class } from '../../objects/index.js';
import { compareVersions, Line, majorOf, parseVersion, type Version } from '../../versions/index.js';
import { namesOf } from '../../broker/index.js';
import { drafts } from './drafts.js';
import type { ApiOptions, RpcOptions } from './options.js';
import type { ApiRecord, MethodRecord, MethodRename } from './records.js';

const API_OPTIONS = ['topic', 'version', 'floor', 'previous', 'versions', 'carries', 'errors'];
const RPC_OPTIONS = ['name', 'since', 'until', 'was', 'takes', 'returns', 'idempotent', 'early', 'timeout'];
const WIRE_NAME = /^[A-Za-z_$][\w$.-]{0,199}$/;

/** Makes the record of a contract class and keeps it with the class. @throws LynchpinError `DECLARATION`. */
export function recordApi(owner: Class): ApiRecord {
  const draft = drafts.own(owner);
  if (draft?.record !== undefined) return draft.record;
  if (draft?.api === undefined)
    throw new LynchpinError(
      'DECLARATION',
      `${owner.name || 'this class'} is no contract: decorate it with @RpcApi, or declare it with defineApi`,
    );
  const { name, options } = draft.api;
  rejectUnknown(options, API_OPTIONS, `@RpcApi of ${name}`);
  namesOf(options.topic);
  const line = lineOf(name, options);
  const methods = new Map<string, RpcOptions>();
  for (const inherited of drafts.chain(owner)) for (const [property, method] of inherited.methods) methods.set(property, method);
  if (methods.size === 0) throw new LynchpinError('DECLARATION', `${name} has no methods: decorate at least one with @Rpc`);
  const record: ApiRecord = Object.freeze({
    name,
    topic: options.topic,
    line,
    carries: carriesOf(name, line, options),
    methods: Object.freeze([...methods].map(([property, method]) => methodOf(name, line, property, method))),
    errors: Object.freeze([...(options.errors ?? [])]),
  });
  checkErrors(record);
  draft.record = record;
  return record;
}

function lineOf(name: string, options: ApiOptions): Line {
  const version = parseVersion(options.version, `the version of ${name}`);
  if (options.versions === undefined) return Line.between(name, options.floor ?? `${majorOf(version)}.0`, version, options.previous);
  const floor = options.floor ?? options.versions[0];
  const kept = options.versions.filter(
    (one) => floor === undefined || compareVersions(parseVersion(one, `a version of ${name}`), floor) >= 0,
  );
  const line = new Line(name, kept);
  if (line.head !== version)
    throw new LynchpinError('DECLARATION', `${name} is at ${version}, but the newest of its versions is ${line.head}`);
  if (floor !== undefined && line.floor !== floor)
    throw new LynchpinError('DECLARATION', `the floor of ${name} is ${floor}, which is not among its versions`);
  return line;
}

function carriesOf(name: string, line: Line, { carries = {} }: ApiOptions): ApiRecord['carries'] {
  for (const version of Object.keys(carries)) {
    parseVersion(version, `a version in carries of ${name}`);
    if (compareVersions(version as Version, line.head) > 0) {
      throw new LynchpinError(
        'DECLARATION',
        `carries of ${name} has an entry for ${version}, but the API is at ${line.head}: raise its version, or take the entry out`,
      );
    }
  }
  return carries;
}

function methodOf(api: string, line: Line, property: string, options: RpcOptions): MethodRecord {
  const where = `${api}.${property}`;
  rejectUnknown(options, RPC_OPTIONS, `@Rpc of ${where}`);
  const since = onLine(options.since ?? line.floor, line, `${where} has since`);
  const until = options.until === undefined ? undefined : onLine(options.until, line, `${where} has until`);
  if (until !== undefined && compareVersions(until, since) <= 0) {
    throw new LynchpinError(
      'DECLARATION',
      `${where} ends (until ${until}) before it begins (since ${since}): until names the first version without it`,
    );
  }
  const was = renamesOf(where, line, options.was);
  for (const name of [options.name ?? property, ...was.map((rename) => rename.name)]) {
    if (!WIRE_NAME.test(name))
      throw new LynchpinError(
        'DECLARATION',
        `${where} is called ${JSON.stringify(name)} on the wire: use letters, digits, "_", "$", "." and "-", and begin with a letter`,
      );
  }
  if (options.takes !== undefined && (isFieldType(options.takes) || findRecord(options.takes)?.kind !== 'message')) {
    throw new LynchpinError('DECLARATION', `${where} takes ${nameOf(options.takes)}, which is no message: decorate a class with @Message`);
  }
  if (options.returns !== undefined && !isFieldType(options.returns) && findRecord(options.returns as Class) === undefined) {
    throw new LynchpinError('DECLARATION', `${where} returns ${nameOf(options.returns)}, which is neither a t type nor a decorated class`);
  }
  if (options.timeout !== undefined && !(options.timeout > 0))
    throw new LynchpinError('DECLARATION', `${where} has a timeout of ${options.timeout} ms`);
  return Object.freeze({
    property,
    name: options.name ?? property,
    since,
    until,
    was,
    takes: options.takes,
    returns: options.returns,
    idempotent: options.idempotent ?? false,
    early: options.early ?? false,
    timeout: options.timeout,
  });
}

function renamesOf(where: string, line: Line, was: RpcOptions['was'] = []): readonly MethodRename[] {
  const renames = (Array.isArray(was) ? [...was] : [was as MethodRename]).sort((a, b) => compareVersions(a.until, b.until));
  for (const { until } of renames) onLine(until, line, `${where} was renamed, until`);
  return Object.freeze(renames);
}

/** Below the floor is history that this build no longer reads; above the head, or in a hole, is a mistake. */
function onLine(version: Version, line: Line, what: string): Version {
  parseVersion(version, what);
  if (line.has(version) || compareVersions(version, line.floor) < 0) return version;
  throw new LynchpinError(
    'DECLARATION',
    `${what} ${version}, which is not a version of ${line.of} (${line.toString()}): it counts in the versions of the API`,
  );
}

function checkErrors({ name, errors }: ApiRecord): void {
  const seen = new Set<string>();
  for (const error of errors) {
    if (seen.has(error.name)) throw new LynchpinError('DECLARATION', `${name} declares two errors called ${error.name}`);
    seen.add(error.name);
  }
}

function rejectUnknown(options: object, known: readonly string[], what: string): void {
  for (const option of Object.keys(options)) {
    if (!known.includes(option))
      throw new LynchpinError('DECLARATION', `${what} has an unknown option ${JSON.stringify(option)}${didYouMean(option, known)}`);
  }
}

function nameOf(shape: unknown): string {
  return typeof shape === 'function' ? shape.name : String(shape);
}
