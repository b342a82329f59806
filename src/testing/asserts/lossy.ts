import { isDeepStrictEqual } from 'node:util';
import { valuesOf } from '../../compat/index.js';
import { LynchpinError } from '../../errors/index.js';
import type { Class } from '../../objects/index.js';
import type { Version } from '../../versions/index.js';
import { conversionOf, type Conversion } from '../conversion.js';
import { fail, text } from '../failure.js';
import type { ValueOptions } from '../values.js';

/** What `compat.assertLossy` takes. */
export interface LossExample extends ValueOptions {
  /** The newer version. For a message, a version of its API. */
  readonly from: Version;
  /** The older version. */
  readonly to: Version;
  /** Today's names of the fields that may not come back as they were, those that only newer versions have left out. */
  readonly fields: readonly string[];
}

const RUNS = 100;
const SEED = 1;

/** What is lost on the way down and back up is what is declared, no more and no less. */
export function assertLossy(owner: Class<object>, example: LossExample): void {
  const { from, to, fields } = example;
  // Nested objects stay at their newest: what they lose is their own affair.
  const conversion = conversionOf(owner, { api: example.api, nested: 'newest' });
  const { record } = conversion;
  const what = `${record.name} ${from} -> ${to}`;
  const declared = declaredLosses(conversion, example);
  const problems: string[] = [];
  for (const field of fields.filter((name) => !declared.has(name)))
    problems.push(`${field} is not declared to be lost. Fix: @Lossy({ from: '${from}', to: '${to}', fields: ['${field}'], reason: ... })`);
  for (const field of [...declared].filter((name) => !fields.includes(name)))
    problems.push(`${field} is declared to be lost, and that is not expected. Fix: take it out of @Lossy, or expect it`);
  const lost = observedLosses(conversion, example);
  const shared = conversion.names(to);
  for (const [field, { before, after }] of lost) {
    if (declared.has(field) || fields.includes(field) || !shared.has(field)) continue;
    problems.push(
      `${field} is lost without a word: ${text(before)} comes back as ${text(after)}. Fix: keep it in the backport, or declare it with @Lossy`,
    );
  }
  for (const field of fields.filter((name) => declared.has(name) && !lost.has(name)))
    problems.push(`${field} always comes back as it was. Fix: take it out of @Lossy`);
  if (problems.length === 0) return;
  fail({ message: [`${what} loses something else than expected:`, ...problems.map((problem) => `  ${problem}`)].join('\n') }, assertLossy);
}

function declaredLosses({ record, line }: Conversion, { from, to }: LossExample): ReadonlySet<string> {
  const within = record.losses.filter((loss) => line.indexOf(loss.from) <= line.indexOf(from) && line.indexOf(loss.to) >= line.indexOf(to));
  return new Set(within.flatMap((loss) => loss.fields));
}

interface Loss {
  readonly before: unknown;
  readonly after: unknown;
}

/** The fields that do not come back, by today's names, each with the first value that showed it. */
function observedLosses(conversion: Conversion, { from, to, arbitraries }: LossExample): ReadonlyMap<string, Loss> {
  const { record } = conversion;
  const input = { name: record.name, shapes: conversion.shapes(from), ...(arbitraries === undefined ? {} : { arbitraries }) };
  const names = conversion.names(from);
  const lost = new Map<string, Loss>();
  for (const value of valuesOf(input, { runs: RUNS, seed: SEED })) {
    const before = value as Readonly<Record<string, unknown>>;
    const after = thereAndBack(conversion, before, from, to);
    for (const [field, name] of names) {
      if (!lost.has(field) && !isDeepStrictEqual(before[name], after[name])) lost.set(field, { before: before[name], after: after[name] });
    }
  }
  return lost;
}

function thereAndBack(conversion: Conversion, value: unknown, from: Version, to: Version): Readonly<Record<string, unknown>> {
  try {
    return conversion.convert(conversion.convert(value, from, to), to, from) as Readonly<Record<string, unknown>>;
  } catch (error) {
    if (!LynchpinError.is(error, 'CONVERSION', 'INVALID')) throw error;
    return fail(
      { message: `${conversion.record.name} ${from} -> ${to} -> ${from} fails on ${text(value)}: ${error.message}` },
      assertLossy,
    );
  }
}
