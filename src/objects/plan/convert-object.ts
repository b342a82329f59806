import { LynchpinError } from '../../errors/index.js';
import type { Version } from '../../versions/index.js';
import { isAlive, nameAt, typeAt } from '../records/line-check.js';
import type { FieldRecord, ObjectRecord, PlainObject, StepRecord } from '../records/record.js';
import { didYouMean } from '../records/suggest.js';
import type { Class } from '../types/class.js';
import { convertType, isPlain, type Convert, type Span, type TypeContext } from './convert-type.js';
import { stepsOn, versionsOn } from './own-change.js';
import type { Purpose } from './refusal.js';

/** How the objects inside an object are converted. */
export interface Children {
  /** All the way, where no function of the outer object looks at them. */
  readonly across: (owner: Class) => Convert;
  /** From where they are to the newest form, before functions of the outer object run. */
  readonly before: (owner: Class) => Convert;
  /** From the newest form to where they must be, after functions of the outer object have run. */
  readonly after: (owner: Class) => Convert;
}

/** What compiling a conversion of one class needs. */
export interface ObjectContext {
  readonly span: Span;
  readonly purpose: Purpose;
  readonly children: Children;
  /** Makes a field's default in its newest plain form. Undefined when it has none. */
  readonly fill: (field: FieldRecord) => (() => unknown) | undefined;
}

/** One field on its way from one object to another. */
interface Move {
  readonly source: string;
  readonly target: string;
  readonly convert: Convert;
  /** What to set where the source has nothing. */
  readonly fill: (() => unknown) | undefined;
}

/** The conversion of one class along a span of its line. Its input must be valid at the span's start; it is not changed. */
export function convertObject(record: ObjectRecord, context: ObjectContext): (value: PlainObject) => PlainObject {
  return stepsOn(record, context.span).length === 0 ? convertAtOnce(record, context) : convertInSteps(record, context);
}

/** Without functions everything can be done while the object is copied once. */
function convertAtOnce(record: ObjectRecord, context: ObjectContext): (value: PlainObject) => PlainObject {
  const { span, children } = context;
  const { line, from, to } = span;
  const moves = alive(record, span, to).map((field): Move => {
    const was = isAlive(field, from, line);
    return {
      source: nameAt(field, was ? from : to, line),
      target: nameAt(field, to, line),
      convert: was ? convertType(typeAt(field, from, line), typeContext(record, field, context, span, children.across)) : dropped,
      fill: was ? undefined : fillAt(record, field, context, to, children.after),
    };
  });
  return (value) => move(value, moves);
}

/** Where a field that is new at the target happens to be in the data of someone who should not know it. */
const dropped = (): undefined => undefined;

/** With functions: names, children to their newest form, one version after the other, children and names of the target. */
function convertInSteps(record: ObjectRecord, context: ObjectContext): (value: PlainObject) => PlainObject {
  const { span, children } = context;
  const { line, from, to } = span;
  const enter = alive(record, span, from).map(
    (field): Move => ({
      source: nameAt(field, from, line),
      target: field.name,
      convert: convertType(typeAt(field, from, line), typeContext(record, field, context, { line, from, to: from }, children.before)),
      fill: fillAt(record, field, context, from, unchanged),
    }),
  );
  const leave = alive(record, span, to).map(
    (field): Move => ({
      source: field.name,
      target: nameAt(field, to, line),
      convert: convertType(typeAt(field, to, line), typeContext(record, field, context, { line, from: to, to }, children.after)),
      fill: undefined,
    }),
  );
  const versions = versionsOn(span);
  const hops = versions.slice(1).map((version, at) => hop(record, context, versions[at] as Version, version));
  return (value) => {
    let data = move(value, enter);
    for (const next of hops) data = next(data);
    return move(data, leave);
  };
}

/** One version to its neighbour: the function, then what ends is dropped, enum values fall back, and what begins is filled. */
function hop(record: ObjectRecord, context: ObjectContext, from: Version, to: Version): (data: PlainObject) => PlainObject {
  const { line } = context.span;
  const span: Span = { line, from, to };
  const step = stepsOn(record, span)[0];
  const known = record.fields.map((field) => field.name);
  // Also what a function gives for a version further on: data that stops here on its way would not have it.
  const ends = record.fields.filter((field) => !isAlive(field, to, line)).map((field) => field.name);
  const begins = record.fields
    .filter((field) => !isAlive(field, from, line) && isAlive(field, to, line))
    .map((field) => ({ name: field.name, fill: fillAt(record, field, context, to, unchanged) }));
  const lasting = record.fields
    .filter((field) => isAlive(field, from, line) && isAlive(field, to, line))
    .map((field) => ({
      name: field.name,
      convert: convertType(typeAt(field, to, line), typeContext(record, field, context, span, unchanged)),
    }))
    .filter((field) => field.convert !== undefined);
  return (data) => {
    const next = step === undefined ? data : run(record, step, data, known);
    for (const name of ends) delete next[name];
    for (const { name, convert } of lasting) if (next[name] !== undefined) next[name] = convert?.(next[name]);
    for (const { name, fill } of begins) if (next[name] === undefined && fill !== undefined) next[name] = fill();
    return next;
  };
}

/** Runs a backport or upgrade function. Its input is frozen, so that a function that changes it is found out, not obeyed. */
function run(record: ObjectRecord, step: StepRecord, data: PlainObject, known: readonly string[]): PlainObject {
  const details = { class: record.name, from: step.from, to: step.to, function: step.name };
  const what = `${record.name}.${step.name}, from ${step.from} to ${step.to},`;
  let result: unknown;
  try {
    result = step.run(Object.freeze(data));
  } catch (cause) {
    if (cause instanceof RangeError) throw cause;
    throw new LynchpinError('CONVERSION', `${what} threw: ${cause instanceof Error ? cause.message : String(cause)}`, details, { cause });
  }
  if (!isPlain(result) || typeof result['then'] === 'function')
    throw new LynchpinError(
      'CONVERSION',
      `${what} must return a plain object, not ${Array.isArray(result) ? 'a list' : isPlain(result) ? 'a promise' : String(result)}`,
      details,
    );
  for (const name of Object.keys(result)) {
    if (!known.includes(name))
      throw new LynchpinError(
        'CONVERSION',
        `${what} returned the field ${name}, which ${record.name} does not have.${didYouMean(name, known)}`,
        { ...details, field: name },
      );
  }
  return { ...result };
}

function move(value: PlainObject, moves: readonly Move[]): PlainObject {
  const result: PlainObject = {};
  for (const { source, target, convert, fill } of moves) {
    let item = value[source];
    if (item !== undefined && convert !== undefined) item = convert(item);
    if (item === undefined && fill !== undefined) item = fill();
    if (item !== undefined) result[target] = item;
  }
  return result;
}

/** Makes the default as it is at a version: its enum values and variants fall back like any others. */
function fillAt(
  record: ObjectRecord,
  field: FieldRecord,
  context: ObjectContext,
  version: Version,
  child: (owner: Class) => Convert,
): (() => unknown) | undefined {
  const make = context.fill(field);
  if (make === undefined) return undefined;
  const { line } = context.span;
  const convert = convertType(field.type, typeContext(record, field, context, { line, from: line.head, to: version }, child));
  return convert === undefined ? make : () => convert(make());
}

function alive(record: ObjectRecord, { line }: Span, version: Version): readonly FieldRecord[] {
  return record.fields.filter((field) => isAlive(field, version, line));
}

function typeContext(
  record: ObjectRecord,
  field: FieldRecord,
  { purpose }: ObjectContext,
  span: Span,
  child: (owner: Class) => Convert,
): TypeContext {
  return { span, purpose, child, place: { class: record.name, field: field.name } };
}

function unchanged(): undefined {
  return undefined;
}
