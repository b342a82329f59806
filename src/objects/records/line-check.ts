import { LynchpinError } from '../../errors/index.js';
import { compareVersions, isVersion, type Line, type Version } from '../../versions/index.js';
import type { TypeNode } from '../types/field-type.js';
import { leavesOf } from '../types/leaves.js';
import { checkDeprecation } from './deprecation.js';
import type { FieldRecord, ObjectRecord, StepRecord } from './record.js';

/**
 * Checks everything about a class that depends on the versions it counts on: an object's own line, or for a message the
 * line of the API that uses it.
 * @throws LynchpinError `DECLARATION`.
 */
export function checkOnLine(record: ObjectRecord, line: Line): void {
  for (const step of record.steps) checkStep(record, step, line);
  for (const loss of record.losses) checkNeighbours(record, line, loss.from, loss.to, '@Lossy', 'down');
  for (const field of record.fields) checkField(record, field, line);
  checkNames(record, line);
}

/** What is wrong, for those who do more with it than show the message. */
interface Problem {
  readonly problem: 'begins-unfilled' | 'ends-unfilled' | 'begins-above-line' | 'step-off-line';
  /** The class whose versions count. */
  readonly of: string;
  /** The version before. */
  readonly before?: string;
}

function fail(record: ObjectRecord, field: string | undefined, version: string, message: string, problem?: Problem): never {
  throw new LynchpinError('DECLARATION', message, {
    class: record.name,
    ...(field === undefined ? {} : { field }),
    version,
    ...(problem === undefined ? {} : { kind: record.kind, ...problem }),
  });
}

function checkStep(record: ObjectRecord, step: StepRecord, line: Line): void {
  const what = step.direction === 'down' ? '@Backport' : '@Upgrade';
  checkNeighbours(record, line, step.from, step.to, `${what} ${step.name}`, step.direction);
  const same = record.steps.filter((other) => other.from === step.from && other.to === step.to);
  if (same.length > 1)
    fail(
      record,
      undefined,
      step.from,
      `${record.name} has ${same.length} functions from ${step.from} to ${step.to} (${same.map((other) => other.name).join(', ')}): keep one`,
    );
}

function checkNeighbours(record: ObjectRecord, line: Line, from: Version, to: Version, what: string, direction: 'down' | 'up'): void {
  for (const version of [from, to]) {
    if (!line.has(version))
      fail(
        record,
        undefined,
        version,
        `${what} of ${record.name} names version ${String(version)}, but the versions of ${line.of} are ${line}`,
        { problem: 'step-off-line', of: line.of },
      );
  }
  const neighbour = direction === 'down' ? line.before(from) : line.after(from);
  if (neighbour === to) return;
  const remedy =
    neighbour === undefined
      ? `${from} has none ${direction === 'down' ? 'below' : 'above'} it`
      : `from ${from} that is ${neighbour}; write one function for every step`;
  fail(
    record,
    undefined,
    from,
    `${what} of ${record.name} goes from ${from} to ${to}, but a function joins a version to the next ${direction === 'down' ? 'older' : 'newer'} one: ${remedy}`,
  );
}

function checkField(record: ObjectRecord, field: FieldRecord, line: Line): void {
  const at = `${record.name}.${field.name}`;
  checkOnItsLine(record, field, line, 'since', field.since);
  checkOnItsLine(record, field, line, 'until', field.until);
  for (const [index, was] of field.was.entries()) {
    checkOnItsLine(record, field, line, 'was.until', was.until);
    if (field.was[index - 1]?.until === was.until)
      fail(record, field.name, was.until, `was of ${at} says twice what it was until ${was.until}: the eras overlap, keep one`);
    if (field.since !== undefined && line.indexOf(was.until) <= line.indexOf(field.since))
      fail(record, field.name, was.until, `was of ${at} ends at ${was.until}, but the field begins only at ${field.since}`);
    if (field.until !== undefined && line.indexOf(was.until) >= line.indexOf(field.until))
      fail(record, field.name, was.until, `was of ${at} ends at ${was.until}, but the field itself ends at ${field.until}`);
  }
  checkDeprecation(field.deprecated, line, field.since, at, { class: record.name, field: field.name });
  for (const version of addedVersions(field.type)) checkOnItsLine(record, field, line, 'added', version);
  if (field.since !== undefined && line.indexOf(field.since) > 0) checkAppears(record, field, field.since, line);
  if (field.until !== undefined) checkEnds(record, field, field.until, line);
}

function checkOnItsLine(record: ObjectRecord, field: FieldRecord, line: Line, what: string, version: Version | undefined): void {
  if (version === undefined || line.has(version)) return;
  const whose = record.kind === 'message' ? `, because the fields of a message count on the versions of its API` : '';
  fail(
    record,
    field.name,
    version,
    `${what} of ${record.name}.${field.name} is ${version}, but the versions of ${line.of} are ${line}${whose}. Raise the version of ${line.of}, or, where ${version} lies below its floor, remove what ended there`,
    what === 'since' && isVersion(version) && compareVersions(version, line.head) > 0
      ? { problem: 'begins-above-line', of: line.of }
      : undefined,
  );
}

function checkAppears(record: ObjectRecord, field: FieldRecord, since: Version, line: Line): void {
  if (field.default !== undefined || field.optional) return;
  const before = line.before(since) as Version;
  // A field that begins and ends within the window is gone in the newest form, so nothing needs to fill it on the way up but its own span.
  if (record.steps.some((step) => step.direction === 'up' && step.from === before && step.to === since)) return;
  fail(
    record,
    field.name,
    since,
    `${record.name}.${field.name} is required since ${since}, but data of ${before} has none. Give it a default, make it optional, or write @Upgrade({ from: '${before}', to: '${since}' })`,
    { problem: 'begins-unfilled', of: line.of, before },
  );
}

function checkEnds(record: ObjectRecord, field: FieldRecord, until: Version, line: Line): void {
  if (line.indexOf(until) === 0)
    fail(
      record,
      field.name,
      until,
      `${record.name}.${field.name} ended at ${until}, the floor of ${line.of}: nobody writes it any more, remove it`,
    );
  if (field.default !== undefined || field.optional) return;
  const before = line.before(until) as Version;
  if (record.steps.some((step) => step.direction === 'down' && step.from === until && step.to === before)) return;
  fail(
    record,
    field.name,
    until,
    `${record.name}.${field.name} ends at ${until}, but readers at ${before} require it. Give it a default, make it optional, or write @Backport({ from: '${until}', to: '${before}' })`,
    { problem: 'ends-unfilled', of: line.of, before },
  );
}

function checkNames(record: ObjectRecord, line: Line): void {
  for (const version of line.versions) {
    const taken = new Map<string, string>();
    for (const field of record.fields) {
      if (!isAlive(field, version, line)) continue;
      const name = nameAt(field, version, line);
      const other = taken.get(name);
      if (other !== undefined)
        fail(
          record,
          field.name,
          version,
          `${record.name}.${field.name} and ${record.name}.${other} are both called ${name} at ${version}: correct was, since or until of one of them`,
        );
      taken.set(name, field.name);
    }
  }
}

/** Whether the field exists at a version. */
export function isAlive(field: FieldRecord, version: Version, line: Line): boolean {
  const at = line.indexOf(version);
  return (field.since === undefined || line.indexOf(field.since) <= at) && (field.until === undefined || at < line.indexOf(field.until));
}

/** The field's name at a version. */
export function nameAt(field: FieldRecord, version: Version, line: Line): string {
  return field.was.find((was) => was.name !== undefined && line.indexOf(version) < line.indexOf(was.until))?.name ?? field.name;
}

/** The field's type at a version. */
export function typeAt(field: FieldRecord, version: Version, line: Line): TypeNode {
  return field.was.find((was) => was.type !== undefined && line.indexOf(version) < line.indexOf(was.until))?.type ?? field.type;
}

/** The versions at which the type's own enums and unions grew, not counting those of the objects in it. */
export function addedVersions(type: TypeNode): readonly Version[] {
  return leavesOf(type).flatMap((leaf) => {
    if (leaf.kind === 'enum') return leaf.added.map((added) => added.since);
    return leaf.kind === 'union' ? leaf.variants.flatMap((variant) => variant.since ?? []) : [];
  });
}
