import { isDeepStrictEqual } from 'node:util';
import { declaredIn, entriesOf, lawFacts, surfaceOf, valuesOf, type LawFinding, type LawOptions, type RuleId } from '../compat/index.js';
import { LynchpinError } from '../errors/index.js';
import { withSteps, type Class, type StepRecord } from '../objects/index.js';
import type { Version } from '../versions/index.js';
import { breakagesOf, type Breakage } from './breakage.js';
import { conversionOf, type Conversion } from './conversion.js';
import { fail } from './failure.js';
import { findingsText } from './finding-text.js';

/** Options of {@link teeth}. */
export interface TeethOptions extends LawOptions {
  /** The contract on whose versions a message counts. A message needs it, an object does not. */
  readonly api?: Class<object>;
}

/** One conversion function, broken in one way, and what became of it. */
export interface Bite {
  /** The function: `Volume.firstHost`. */
  readonly step: string;
  /** The version that it takes. */
  readonly from: Version;
  /** The version that it gives. */
  readonly to: Version;
  /** What it did instead of its work: `forgets host`. */
  readonly way: string;
  /** The rules that went red. */
  readonly caught: readonly RuleId[];
}

/**
 * Shows that the laws would catch mistakes in the conversion functions of a class: breaks each function in each way that
 * there is (it does nothing, throws, returns the same for everything, forgets a field, mixes up two...) and proves the laws
 * with it. A way of breaking that changes nothing about the outcome is left out.
 * @returns what was broken, and the rules that caught it. Empty for a class without functions: nothing can be broken there.
 * @throws AssertionError when the laws do not hold to begin with, or when one that is broken passes them all.
 */
export function teeth(owner: Class<object>, options: TeethOptions = {}): readonly Bite[] {
  const conversion = conversionOf(owner, { api: options.api, nested: 'newest' });
  const { name, steps } = conversion.record;
  const sound = findings(owner, name, options, { first: false });
  if (sound.length > 0)
    fail({ message: `The laws do not hold for ${name} as it is, so there is nothing to be learnt from breaking it.\n\n${findingsText(sound)}` }, teeth);
  const bites: Bite[] = [];
  for (const step of steps) {
    for (const breakage of breakagesOf([...conversion.names(step.to).keys()])) {
      const caught = withBroken(owner, step, breakage, () => findings(owner, name, options, { first: true }));
      if (caught.length === 0 && !isNoticeable(conversion, step, breakage, options)) continue;
      const rules = [...new Set(caught.map(({ rule }) => rule))];
      bites.push({ step: `${name}.${step.name}`, from: step.from, to: step.to, way: breakage.way, caught: rules });
    }
  }
  const survivors = bites.filter(({ caught }) => caught.length === 0);
  if (survivors.length > 0) {
    const lines = survivors.map(({ step, from, to, way }) => `  ${step}, ${from} -> ${to}: nothing notices when it ${way}`);
    fail({ message: [`${survivors.length} of ${bites.length} broken functions pass every law:`, ...lines, REMEDY].join('\n') }, teeth);
  }
  return bites;
}

const REMEDY =
  'Fix: say with compat.assertBackport or compat.assertUpgrade what these functions are for, or take out what has no effect on any version.';

/** What the laws say of a class, against itself: as if everything had been recorded just now. */
function findings(owner: Class<object>, name: string, options: TeethOptions, { first }: { readonly first: boolean }): readonly LawFinding[] {
  const { api, runs, seed, arbitraries } = options;
  const declared = declaredIn(api === undefined ? { owner } : { owner, api });
  const surface = surfaceOf(declared);
  const facts = lawFacts({
    declared,
    surface,
    recorded: { origin: 'the declarations', entries: entriesOf(surface) },
    ...(runs === undefined ? {} : { runs }),
    ...(seed === undefined ? {} : { seed }),
    ...(arbitraries === undefined ? {} : { arbitraries }),
  }).filter(({ subject, title }) => subject.name === name || title.includes(name));
  const found: LawFinding[] = [];
  for (const fact of facts) {
    found.push(...fact.prove().filter(({ severity }) => severity === 'error'));
    if (first && found.length > 0) break;
  }
  return found;
}

function withBroken<T>(owner: Class<object>, { direction, from, to }: StepRecord, breakage: Breakage, work: () => T): T {
  const isIt = (other: StepRecord): boolean => other.direction === direction && other.from === from && other.to === to;
  return withSteps(owner, (other) => (isIt(other) ? breakage.breakStep(other.run) : other.run), work);
}

/** Whether anybody could tell the broken function from the sound one by what comes out between its versions. */
function isNoticeable(conversion: Conversion, step: StepRecord, breakage: Breakage, { api, arbitraries }: TeethOptions): boolean {
  const { class: owner, name } = conversion.record;
  const input = { name, shapes: conversion.shapes(step.from), ...(arbitraries === undefined ? {} : { arbitraries }) };
  return withBroken(owner as Class<object>, step, breakage, () => {
    const broken = conversionOf(owner as Class<object>, { api, nested: 'newest' });
    return valuesOf(input, { runs: 100, seed: 1 }).some(
      (value) => !isDeepStrictEqual(outcome(conversion, value, step), outcome(broken, value, step)),
    );
  });
}

function outcome(conversion: Conversion, value: unknown, { from, to }: StepRecord): unknown {
  try {
    return conversion.convert(value, from, to);
  } catch (error) {
    if (!LynchpinError.is(error)) throw error;
    return error.code;
  }
}
