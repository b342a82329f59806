import { LynchpinError } from '../../errors/index.js';
import { compareVersions, Line, parseVersion, type Version } from '../../versions/index.js';
import type { Class } from '../types/class.js';
import { isFieldType, nodeOf } from '../types/field-type.js';
import { drafts, wasList, type Draft, type Kind, type StepDraft } from './draft.js';
import { deprecationOf } from './deprecation.js';
import { checkOnLine } from './line-check.js';
import type { FieldRecord, LossRecord, ObjectRecord, PlainObject, StepRecord, WasRecord } from './record.js';
import { didYouMean, rejectUnknownOptions } from './suggest.js';

const FIELD_OPTIONS = ['since', 'until', 'default', 'optional', 'ignorable', 'whenPinned', 'was', 'deprecated'];
const WAS_OPTIONS = ['until', 'name', 'type'];
const LOSS_OPTIONS = ['from', 'to', 'fields', 'reason'];

/** The record of a declared class, or undefined when the class is not declared. */
export function findRecord(owner: Class): ObjectRecord | undefined {
  const draft = drafts.own(owner);
  return draft?.kind === undefined ? undefined : (draft.record ??= build(owner, draft.kind));
}

/**
 * The record of a declared class.
 * @param where who asks, for the message: "VolumeApi.create takes".
 * @throws LynchpinError `DECLARATION` when the class is not declared, or declared in a way that cannot work.
 */
export function recordOf(owner: Class, where: string): ObjectRecord {
  if (typeof owner !== 'function')
    throw new LynchpinError(
      'DECLARATION',
      `${where}: ${String(owner)} is not a class; where classes refer to each other, give them as functions: t.object(() => Volume)`,
    );
  const record = findRecord(owner);
  if (record === undefined)
    throw new LynchpinError(
      'DECLARATION',
      `${where}: ${owner.name} is not declared; decorate it with @VersionedObject({ version: '1.0' }) or @Message()`,
      { class: owner.name },
    );
  return record;
}

/** Builds and checks the record right away, so that a mistake shows where the class is defined. */
export function declare(owner: Class, draft: Draft, kind: Kind): void {
  if (draft.kind !== undefined)
    throw new LynchpinError(
      'DECLARATION',
      `${owner.name} is declared twice, as ${draft.kind.kind} ${draft.kind.name} and as ${kind.kind} ${kind.name}`,
      { class: owner.name },
    );
  if (kind.name === '') throw new LynchpinError('DECLARATION', `a declared class needs a name: give it one, or pass { name }`);
  draft.kind = kind;
  draft.record = build(owner, kind);
}

function build(owner: Class, kind: Kind): ObjectRecord {
  const { name } = kind;
  const chain = drafts.chain(owner);
  const fields = new Map<string, FieldRecord>();
  for (const draft of chain) {
    const own = new Set<string>();
    for (const { name: field, type, options } of draft.fields) {
      if (own.has(field)) throw new LynchpinError('DECLARATION', `${name}.${field} is declared twice`, { class: name, field });
      // What every object has already would be shadowed by data: `constructor`, `toString` and their like.
      if (field === '$object' || Object.hasOwn(Object.prototype, field))
        throw new LynchpinError('DECLARATION', `${name}.${field}: this name is not available for fields`, { class: name, field });
      if (!isFieldType(type))
        throw new LynchpinError('DECLARATION', `${name}.${field} has no type: write @Field(t.string()) or another of t`, {
          class: name,
          field,
        });
      own.add(field);
      fields.set(field, fieldRecord(nodeOf(type), field, options, name));
    }
  }
  const line =
    kind.kind === 'object'
      ? Line.between(name, kind.floor ?? firstOf(kind.version, name), kind.version as Version, kind.previous)
      : undefined;
  const record: ObjectRecord = Object.freeze({
    kind: kind.kind,
    name,
    class: owner,
    line,
    fields: Object.freeze([...fields.values()]),
    steps: Object.freeze(chain.flatMap((draft) => draft.steps.map((step) => stepRecord(step, owner, name)))),
    losses: Object.freeze(
      chain.flatMap((draft) => draft.losses.map((loss): LossRecord => Object.freeze({ ...loss, fields: Object.freeze([...loss.fields]) }))),
    ),
  });
  for (const loss of record.losses) {
    rejectUnknownOptions(loss, LOSS_OPTIONS, `@Lossy of ${name}`, { class: name });
    checkLoss(record, loss);
  }
  if (line !== undefined) checkOnLine(record, line);
  return record;
}

function firstOf(version: unknown, name: string): Version {
  return `${parseVersion(version, `the version of ${name}`).split('.')[0]}.0` as Version;
}

function fieldRecord(type: FieldRecord['type'], name: string, options: FieldRecordOptions, owner: string): FieldRecord {
  const { since, until, optional, ignorable, whenPinned } = options;
  const at = `${owner}.${name}`;
  rejectUnknownOptions(options, FIELD_OPTIONS, `@Field of ${at}`, { class: owner, field: name });
  for (const was of wasList(options.was)) rejectUnknownOptions(was, WAS_OPTIONS, `was of ${at}`, { class: owner, field: name });
  if (since !== undefined) parseVersion(since, `since of ${at}`);
  if (until !== undefined) parseVersion(until, `until of ${at}`);
  if (since !== undefined && until !== undefined && compareVersions(until, since) <= 0) {
    throw new LynchpinError(
      'DECLARATION',
      `${at} ends at ${until}, which is not after it begins at ${since}: until is the first version without the field`,
      { class: owner, field: name, since, until },
    );
  }
  if (optional === true && options.default !== undefined) {
    throw new LynchpinError('DECLARATION', `${at} is optional and has a default: with a default it is always set, so leave out optional`, {
      class: owner,
      field: name,
    });
  }
  if (ignorable === true && whenPinned === 'reject') {
    throw new LynchpinError('DECLARATION', `${at} says ignorable and whenPinned: 'reject', which contradict each other`, {
      class: owner,
      field: name,
    });
  }
  const was = wasList(options.was).map((entry): WasRecord => {
    parseVersion(entry.until, `was.until of ${at}`);
    if (entry.name === undefined && entry.type === undefined)
      throw new LynchpinError('DECLARATION', `was of ${at} says neither which name nor which type it had until ${entry.until}`, {
        class: owner,
        field: name,
      });
    return Object.freeze({ until: entry.until, name: entry.name, type: entry.type === undefined ? undefined : nodeOf(entry.type) });
  });
  return Object.freeze({
    name,
    type,
    since,
    until,
    default:
      options.default === undefined ? undefined : Object.freeze({ value: options.default, made: typeof options.default === 'function' }),
    optional: optional === true,
    ignorable: ignorable === true,
    whenPinned,
    deprecated: deprecationOf(options.deprecated, at, { class: owner, field: name }),
    was: Object.freeze(was.sort((a, b) => compareVersions(a.until, b.until))),
  });
}

type FieldRecordOptions = Draft['fields'][number]['options'];

function stepRecord(step: StepDraft, owner: Class, name: string): StepRecord {
  const run = step.run ?? (owner as unknown as Record<string, unknown>)[step.name];
  if (typeof run !== 'function')
    throw new LynchpinError(
      'DECLARATION',
      `${name}.${step.name} is not a static method: backports and upgrades belong to the class, not to its instances`,
      { class: name },
    );
  // Static methods may use `this` to reach other static methods of their class.
  return Object.freeze({
    direction: step.direction,
    from: step.from,
    to: step.to,
    name: step.name,
    run: (data: PlainObject) => (run as (this: unknown, data: PlainObject) => unknown).call(owner, data),
    get text() {
      return String(run);
    },
  });
}

function checkLoss(record: ObjectRecord, loss: LossRecord): void {
  const names = record.fields.map((field) => field.name);
  const unknown = loss.fields.find((field) => !names.includes(field));
  if (unknown !== undefined)
    throw new LynchpinError(
      'DECLARATION',
      `@Lossy of ${record.name} names the field ${unknown}, which it does not have.${didYouMean(unknown, names)}`,
      { class: record.name, field: unknown },
    );
  if (loss.fields.length === 0 || loss.reason.trim() === '')
    throw new LynchpinError('DECLARATION', `@Lossy of ${record.name} from ${loss.from} to ${loss.to} must name the fields and the reason`, {
      class: record.name,
    });
}
