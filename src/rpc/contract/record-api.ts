import { LynchpinError, type ErrorDetails } from '../../errors/index.js';
import { checkDeprecation, deprecationOf, findRecord, isFieldType, rejectUnknownOptions, type Class } from '../../objects/index.js';
import { compareVersions, Line, majorOf, parseVersion, type Version } from '../../versions/index.js';
import { namesOf } from '../../broker/index.js';
import { drafts } from './drafts.js';
import type { ApiOptions, RpcOptions } from './options.js';
import type { ApiRecord, MethodRecord, MethodRename } from './records.js';

const API_OPTIONS = ['topic', 'version', 'floor', 'previous', 'versions', 'carries', 'errors'];
const RPC_OPTIONS = ['name', 'since', 'until', 'was', 'takes', 'returns', 'idempotent', 'early', 'deprecated', 'timeout'];
const GONE = 'nothing that this build reads has the method any more, so delete the method';
const FORGOTTEN = 'nothing that this build reads knows the earlier name any more, so delete it from was';
const WIRE_NAME = /^[A-Za-z_$][\w$.-]{0,199}$/;

/** Whether a value is a class that is declared as a contract itself, not only through one that it extends. */
export function isContract(value: unknown): value is Class<object> {
  return typeof value === 'function' && drafts.own(value as unknown as Class)?.api !== undefined;
}

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
  rejectUnknownOptions(options, API_OPTIONS, `@RpcApi of ${name}`);
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

/** What the versions below the floor began to carry, the floor carries on: history there is folded into one entry. */
function carriesOf(name: string, line: Line, { carries = {} }: ApiOptions): ApiRecord['carries'] {
  const folded: Record<Version, Readonly<Record<string, Version>>> = {};
  const versions = Object.keys(carries).map((version) => parseVersion(version, `a version in carries of ${name}`));
  for (const version of versions.sort(compareVersions)) {
    if (compareVersions(version, line.head) > 0) {
      throw new LynchpinError(
        'DECLARATION',
        `carries of ${name} has an entry for ${version}, but the API is at ${line.head}: raise its version, or take the entry out`,
        { class: name, version, problem: 'carries-above-line' },
      );
    }
    const from = compareVersions(version, line.floor) < 0 ? line.floor : version;
    folded[from] = Object.freeze({ ...folded[from], ...carries[version] });
  }
  return Object.freeze(folded);
}

function methodOf(api: string, line: Line, property: string, options: RpcOptions): MethodRecord {
  const where = `${api}.${property}`;
  rejectUnknownOptions(options, RPC_OPTIONS, `@Rpc of ${where}`);
  const since = options.since ?? line.floor;
  onLine(since, line, where, 'since', 'everything that this build reads has the method, so delete since');
  const { until } = options;
  if (until !== undefined) {
    onLine(until, line, where, 'until', GONE);
    if (until === line.floor) fail(where, until, `${where} ended at ${until}, the floor of ${api}: ${GONE}`);
    if (compareVersions(until, since) <= 0)
      fail(where, until, `${where} ends (until ${until}) before it begins (since ${since}): until names the first version without it`);
  }
  const deprecated = deprecationOf(options.deprecated, where, { class: api, method: property });
  checkDeprecation(deprecated, line, options.since, where, { class: api, method: property });
  const was = renamesOf(where, line, options, since);
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
    deprecated,
    timeout: options.timeout,
  });
}

function renamesOf(where: string, line: Line, { was = [], until: end }: RpcOptions, since: Version): readonly MethodRename[] {
  const given = Array.isArray(was) ? [...was] : [was as MethodRename];
  for (const { until } of given) {
    onLine(until, line, where, 'was.until', FORGOTTEN);
    if (until === line.floor) fail(where, until, `${where} has was.until ${until}, the floor of ${line.of}: ${FORGOTTEN}`);
    if (compareVersions(until, since) <= 0)
      fail(
        where,
        until,
        `${where} had another name until ${until}, but it begins only at ${since}: delete that name, or correct was or since`,
      );
    if (end !== undefined && compareVersions(until, end) >= 0)
      fail(
        where,
        until,
        `${where} had another name until ${until}, but it ends at ${end}: make that name its name, or correct was or until`,
      );
  }
  const renames = given.sort((a, b) => compareVersions(a.until, b.until));
  renames.forEach(({ until }, at) => {
    if (renames[at - 1]?.until === until) fail(where, until, `${where} has two earlier names until ${until}: keep one`);
  });
  return Object.freeze(renames.map((rename) => Object.freeze({ ...rename })));
}

/** Everything that a method says must be about versions that this build reads; below the floor, there is something to delete. */
function onLine(version: Version, line: Line, where: string, option: string, remedy: string): void {
  parseVersion(version, `${option} of ${where}`);
  if (line.has(version)) return;
  const advice =
    compareVersions(version, line.floor) < 0
      ? remedy
      : `it counts in the versions of the API, so raise the version of ${line.of} or correct it`;
  const early = option === 'since' && compareVersions(version, line.head) > 0;
  fail(
    where,
    version,
    `${where} has ${option} ${version}, which is not a version of ${line.of} (${line.toString()}): ${advice}`,
    early ? { problem: 'method-above-line' } : {},
  );
}

function fail(where: string, version: Version, message: string, problem: ErrorDetails = {}): never {
  const [name, method] = where.split('.');
  throw new LynchpinError('DECLARATION', message, { class: name, method, version, ...problem });
}

function checkErrors({ name, errors }: ApiRecord): void {
  const seen = new Set<string>();
  for (const error of errors) {
    if (seen.has(error.name)) throw new LynchpinError('DECLARATION', `${name} declares two errors called ${error.name}`);
    seen.add(error.name);
  }
}

function nameOf(shape: unknown): string {
  return typeof shape === 'function' ? shape.name : String(shape);
}
