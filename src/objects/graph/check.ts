import { LynchpinError, type ErrorDetails } from '../../errors/index.js';
import type { Line } from '../../versions/index.js';
import type { Dehydrators } from '../codec/dehydrate.js';
import { placeName } from '../plan/refusal.js';
import { classesOf, typesOf } from '../plan/reach.js';
import type { Scope } from '../plan/stage.js';
import { checkOnLine, typeAt } from '../records/line-check.js';
import { recordOf } from '../records/record-of.js';
import type { FieldRecord, ObjectRecord } from '../records/record.js';
import type { ClassSchemas } from '../schema/class-schemas.js';
import type { TypeNode, UnionNode } from '../types/field-type.js';

/** What checking a class against a whole graph needs. */
export interface CheckContext {
  readonly scope: Scope;
  readonly dehydrators: Dehydrators;
  readonly schemas: ClassSchemas;
}

/**
 * Checks what only the whole graph can tell.
 * @throws LynchpinError `DECLARATION`.
 */
export function checkGraph(records: readonly ObjectRecord[], context: CheckContext): void {
  checkWireNames(records, context.scope.of);
  for (const record of records) {
    const line = context.scope.lineOf(record);
    if (record.kind === 'message') checkOnLine(record, line);
    for (const field of record.fields) {
      checkNesting(record, field);
      for (const type of typesOf(field)) checkUnions(record, field, type);
      checkTypeChanges(record, field, line);
      checkDefault(record, field, context);
    }
  }
}

function fail(record: ObjectRecord, field: FieldRecord, message: string, problem: ErrorDetails = {}): never {
  throw new LynchpinError('DECLARATION', message, { class: record.name, field: field.name, ...problem });
}

function checkWireNames(records: readonly ObjectRecord[], of: string): void {
  const taken = new Map<string, ObjectRecord>();
  for (const record of records) {
    const other = taken.get(record.name);
    if (other !== undefined)
      throw new LynchpinError(
        'DECLARATION',
        `${of} reaches two classes that are both called ${record.name} on the wire (${other.class.name} and ${record.class.name}): give one of them another name with { name }`,
        { class: record.name, problem: 'name-twice', of },
      );
    taken.set(record.name, record);
  }
}

/** An object travels between APIs and through stores, a message belongs to one API: the one cannot hold the other. */
function checkNesting(record: ObjectRecord, field: FieldRecord): void {
  if (record.kind === 'message') return;
  for (const owner of typesOf(field).flatMap(classesOf)) {
    const inner = recordOf(owner, `${record.name}.${field.name}`);
    if (inner.kind === 'message')
      fail(
        record,
        field,
        `${record.name}.${field.name} holds the message ${inner.name}, whose fields count on an API's versions, but ${record.name} has versions of its own: declare ${inner.name} with @VersionedObject`,
      );
  }
}

function checkUnions(record: ObjectRecord, field: FieldRecord, type: TypeNode): void {
  switch (type.kind) {
    case 'list':
      return checkUnions(record, field, type.item);
    case 'map':
      return checkUnions(record, field, type.value);
    case 'nullable':
      return checkUnions(record, field, type.inner);
    case 'union':
      return checkUnion(record, field, type);
    default:
  }
}

function checkUnion(record: ObjectRecord, field: FieldRecord, type: UnionNode): void {
  const at = `${record.name}.${field.name}`;
  for (const variant of type.variants) {
    const inner = recordOf(variant.of(), at);
    const tag = inner.fields.find((candidate) => candidate.name === type.tag);
    if (tag === undefined || tag.type.kind !== 'enum' || !tag.type.values.includes(variant.name)) {
      fail(
        record,
        field,
        `${at} tells its variants apart by ${type.tag}, but ${inner.name} has no such field: add @Field(t.enum(['${variant.name}'])) ${type.tag}!: '${variant.name}'`,
      );
    }
    if (tag.since !== undefined || tag.until !== undefined || tag.was.length > 0 || tag.optional || tag.default !== undefined) {
      fail(
        record,
        field,
        `${at} tells its variants apart by ${type.tag}, so ${inner.name}.${type.tag} must be there under this name at every version: without since, until, was, optional and default`,
      );
    }
  }
}

/** Where the old and the new type of a field share no values, only functions can carry data across. */
function checkTypeChanges(record: ObjectRecord, field: FieldRecord, line: Line): void {
  for (const was of field.was) {
    if (was.type === undefined) continue;
    const before = line.before(was.until);
    if (before === undefined) continue;
    const [older, newer] = [typeAt(field, before, line), typeAt(field, was.until, line)];
    if (
      jsonKinds(older).some((kind) => kind !== 'null' && jsonKinds(newer).includes(kind)) ||
      jsonKinds(older).includes('any') ||
      jsonKinds(newer).includes('any')
    )
      continue;
    for (const [direction, from, to, decorator] of [
      ['down', was.until, before, 'Backport'],
      ['up', before, was.until, 'Upgrade'],
    ] as const) {
      if (record.steps.some((step) => step.direction === direction && step.from === from && step.to === to)) continue;
      fail(
        record,
        field,
        `${record.name}.${field.name} changed from ${older.kind} to ${newer.kind} at ${was.until}, which share no values: write @${decorator}({ from: '${from}', to: '${to}' })`,
        { problem: 'type-unconverted', kind: record.kind, of: line.of, version: was.until, before },
      );
    }
  }
}

function jsonKinds(type: TypeNode): readonly string[] {
  switch (type.kind) {
    case 'integer':
    case 'number':
      return ['number'];
    case 'boolean':
      return ['boolean'];
    case 'list':
      return ['array'];
    case 'map':
    case 'object':
    case 'union':
      return ['object'];
    case 'nullable':
      return [...jsonKinds(type.inner), 'null'];
    case 'either':
      return type.options.flatMap(jsonKinds);
    case 'json':
      return ['any'];
    default:
      return ['string'];
  }
}

function checkDefault(record: ObjectRecord, field: FieldRecord, { scope, dehydrators, schemas }: CheckContext): void {
  const at = { class: record.name, field: field.name };
  const line = scope.lineOf(record);
  const problem = { problem: 'default-invalid', kind: record.kind, of: line.of, version: line.head };
  let wire: unknown;
  try {
    const fill = dehydrators.fill(record, field);
    if (fill === undefined) return;
    wire = fill();
  } catch (cause) {
    throw new LynchpinError(
      'DECLARATION',
      `the default of ${placeName(at)} is not of its type: ${cause instanceof Error ? cause.message : String(cause)}`,
      { ...at, ...problem },
      { cause },
    );
  }
  if (fitsAtSight(field.type, wire)) return;
  const misfit = schemas.validate(field.type, scope.head)(wire);
  if (misfit !== undefined)
    fail(
      record,
      field,
      `the default of ${placeName(at)} does not fit its own type: it${misfit.path === '' ? '' : ` at ${misfit.path}`} ${misfit.message}`,
      problem,
    );
}

/** The usual defaults, which are not worth compiling a schema for. */
function fitsAtSight(type: TypeNode, wire: unknown): boolean {
  switch (type.kind) {
    case 'nullable':
      return wire === null || fitsAtSight(type.inner, wire);
    case 'boolean':
      return typeof wire === 'boolean';
    case 'enum':
      return type.values.includes(wire as string);
    case 'list':
      return Array.isArray(wire) && wire.length === 0 && (type.minItems ?? 0) === 0;
    case 'map':
      return typeof wire === 'object' && wire !== null && Object.keys(wire).length === 0 && (type.minProperties ?? 0) === 0;
    default:
      return false;
  }
}
