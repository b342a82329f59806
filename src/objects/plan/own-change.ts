import type { Line } from '../../versions/index.js';
import { addedVersions, typeAt } from '../records/line-check.js';
import type { FieldRecord, ObjectRecord, StepRecord } from '../records/record.js';
import type { Span } from './convert-type.js';

/** The functions along a span, in the order in which they run. */
export function stepsOn(record: ObjectRecord, { line, from, to }: Span): readonly StepRecord[] {
  const [first, last] = [line.indexOf(from), line.indexOf(to)];
  const direction = first > last ? 'down' : 'up';
  const steps = record.steps.filter((step) => {
    const at = line.indexOf(step.from);
    return step.direction === direction && (direction === 'down' ? at <= first && at > last : at >= first && at < last);
  });
  return steps.sort((a, b) =>
    direction === 'down' ? line.indexOf(b.from) - line.indexOf(a.from) : line.indexOf(a.from) - line.indexOf(b.from),
  );
}

/** Whether the class's own declarations make its data differ between the ends of a span, its nested objects aside. */
export function changesOn(record: ObjectRecord, span: Span): boolean {
  if (span.from === span.to) return false;
  return stepsOn(record, span).length > 0 || record.fields.some((field) => boundaries(field).some((version) => isCrossed(version, span)));
}

/** Whether the result must be validated, because a function made it or a type changed. */
export function mustCheck(record: ObjectRecord, span: Span): boolean {
  if (span.from === span.to) return false;
  return (
    stepsOn(record, span).length > 0 ||
    record.fields.some(
      (field) =>
        typeAt(field, span.from, span.line) !== typeAt(field, span.to, span.line) ||
        (field.default?.made === true && boundaries(field).some((version) => isCrossed(version, span))),
    )
  );
}

/** Whether a change that a version brought lies between the ends of a span. */
function isCrossed(version: string, { line, from, to }: Span): boolean {
  const at = line.indexOf(version);
  const [low, high] = [line.indexOf(from), line.indexOf(to)].sort((a, b) => a - b) as [number, number];
  return at > low && at <= high;
}

function boundaries(field: FieldRecord): readonly string[] {
  return [
    ...[field.since, field.until].filter((version) => version !== undefined),
    ...field.was.map((was) => was.until),
    ...addedVersions(field.type),
    ...field.was.flatMap((was) => (was.type === undefined ? [] : addedVersions(was.type))),
  ];
}

/** The version at which the class became what it is at a version: between the two only its behaviour may have changed. */
export function eraOf(record: ObjectRecord, version: string, line: Line): string {
  const at = line.indexOf(version);
  const begins = record.fields
    .flatMap(boundaries)
    .map((boundary) => line.indexOf(boundary))
    .filter((boundary) => boundary <= at);
  return line.versions[Math.max(0, ...begins)] ?? version;
}

/** The versions from one end of a span to the other, both included. */
export function versionsOn({ line, from, to }: Span): Line['versions'] {
  const [first, last] = [line.indexOf(from), line.indexOf(to)];
  return first > last ? line.versions.slice(last, first + 1).reverse() : line.versions.slice(first, last + 1);
}
