import { isDeepStrictEqual } from 'node:util';
import { declaredIn, entriesOf, lawFacts, surfaceOf, valuesOf, type LawFinding, type LawOptions, type RuleId } from '../compat/index.js';
import { LynchpinError } from '../errors/index.js';
import { withSteps, type Class, type StepRecord } from '../objects/index.js';
import type { Version } from '../versions/index.js';
import { breakagesOf, type Breakage } from './breakage.js';
import { conversionOf, type Conversion } from './conversion.js';
import { fail } from './failure.js';
import { findingsText } from './finding-text.js';

/** Edges find nearly everything, and each way of breaking is a proof of its own. */
const RUNS = 20;

/** Options of {@link teeth}. */
export interface TeethOptions extends Omit<LawOptions, 'runs'> {
  /** How many random values each broken function is tried on, after the edges. Default: 20, which the suite's 100 can only add to. */
  readonly runs?: number;
  /** The contract on whose versions a message counts. A message needs it, an object does not. */
  readonly api?: Class<object>;
  /**
   * What is expected to pass the laws, because only an example can say what the function is for (`compat.assertUpgrade`). Each as
   * the failure spells it: `Volume.oneHost forgets host`. One that is caught after all fails. Default: nothing.
   */
  readonly survivors?: readonly string[];
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
  const { runs = RUNS } = options;
  const sound = findings(conversion, { ...options, runs }, { first: false });
  if (sound.length > 0)
    fail(
      {
        message: `The laws do not hold for ${name} as it is, so there is nothing to be learnt from breaking it.\n\n${findingsText(sound)}`,
      },
      teeth,
    );
  const bites: Bite[] = [];
  for (const step of steps) {
    for (const breakage of breakagesOf([...conversion.names(step.to).keys()])) {
      const caught = withBroken(owner, step, breakage, () => findings(conversion, { ...options, runs }, { first: true }));
      if (caught.length === 0 && !isNoticeable(conversion, step, breakage, options)) continue;
      const rules = [...new Set(caught.map(({ rule }) => rule))];
      bites.push({ step: `${name}.${step.name}`, from: step.from, to: step.to, way: breakage.way, caught: rules });
    }
  }
  judge(bites, options.survivors ?? []);
  return bites;
}

function judge(bites: readonly Bite[], known: readonly string[]): void {
  const alive = bites.filter(({ caught }) => caught.length === 0);
  const survivors = alive.filter(({ step, way }) => !known.includes(`${step} ${way}`));
  const dead = known.filter((one) => !alive.some(({ step, way }) => `${step} ${way}` === one));
  if (survivors.length + dead.length === 0) return;
  const lines = [
    ...survivors.map(({ step, from, to, way }) => `  ${step} ${way} (${from} -> ${to})`),
    ...dead.map((one) => `  ${one}: this is expected to pass the laws, but it does not, or it is nothing that was tried`),
  ];
  const remedy =
    survivors.length === 0
      ? 'Fix: take it out of survivors.'
      : 'Fix: laws cannot know what such a function is for. Say it with compat.assertBackport or compat.assertUpgrade, and list it in survivors: [...].';
  fail({ message: [`${survivors.length} of ${bites.length} broken functions pass every law:`, ...lines, remedy].join('\n') }, teeth);
}

/** What the laws say of a class, against itself: as if everything had been recorded just now. */
function findings({ record }: Conversion, options: TeethOptions, { first }: { readonly first: boolean }): readonly LawFinding[] {
  const { api, runs, seed, arbitraries } = options;
  // A message is proven with its API, an object by itself.
  const declared = declaredIn(record.kind === 'message' ? { api } : { object: record.class });
  const surface = surfaceOf(declared);
  const facts = lawFacts({
    declared,
    surface,
    recorded: { origin: 'the declarations', entries: entriesOf(surface) },
    ...(runs === undefined ? {} : { runs }),
    ...(seed === undefined ? {} : { seed }),
    ...(arbitraries === undefined ? {} : { arbitraries }),
  }).filter(({ subject }) => (record.kind === 'message' ? subject.kind === 'api' : subject.name === record.name));
  const path = `messages.${record.name}`;
  const isOwn = ({ severity, subject }: LawFinding): boolean =>
    severity === 'error' && (record.kind === 'object' || subject.path === path || subject.path?.startsWith(`${path}.`) === true);
  const found: LawFinding[] = [];
  for (const fact of facts) {
    found.push(...fact.prove().filter(isOwn));
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
  const values = valuesOf(input, { runs: 100, seed: 1 });
  // Conversions are compiled with the first value, so the sound one must be done before anything is broken.
  const sound = values.map((value) => outcome(conversion, value, step));
  return withBroken(owner as Class<object>, step, breakage, () => {
    const broken = conversionOf(owner as Class<object>, { api, nested: 'newest' });
    return values.some((value, at) => !isDeepStrictEqual(sound[at], outcome(broken, value, step)));
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
