import type { ObjectRecord, StepRecord } from '../../objects/index.js';
import type { Version } from '../../versions/index.js';
import type { Side } from './bridge.js';
import { Crossing, type JudgeRecorded } from './crossing.js';
import type { CorpusValue, LawFinding } from './law.js';
import { reported } from './report.js';
import { simplest } from './shrink.js';
import { Pool, type Amount, type LawStage } from './stage.js';
import { Trial } from './trial.js';
import { worstFirst, type Violation } from './violation.js';
import type { Watch } from './watch.js';
import type { World } from './world.js';

/** What the laws of one class are proved with. */
export interface ClassLawsInput {
  readonly world: World;
  readonly record: ObjectRecord;
  /** Oldest first. */
  readonly stages: readonly LawStage[];
  readonly watch: Watch;
  readonly judge: JudgeRecorded;
  readonly corpus: readonly CorpusValue[];
  readonly runs: number;
  readonly seed: number;
}

const ALL = Number.MAX_SAFE_INTEGER;

/** Proves the laws of conversion for one class, between each two of its versions. What is in it stays at its newest. */
export function proveClass(input: ClassLawsInput): LawFinding[] {
  const { record, stages, seed } = input;
  const pools = new Map(stages.map((stage) => [stage, new Pool(stage, record, seed, kept(input, stage))]));
  const verdict = new Verdict(input);
  const lost = new Set<string>();
  for (const [older, newer] of pairsOf(stages)) {
    const at = { older: pools.get(older) as Pool, newer: pools.get(newer) as Pool };
    const trial = new Trial(crossing(input, older, newer), at, detour(input, older, newer));
    const amount = amountOf(input, older, newer);
    for (const side of ['newer', 'older'] as const) verdict.over(trial, side, at[side].values(amount));
    for (const field of trial.lost) lost.add(`${older.version} ${newer.version} ${field}`);
  }
  verdict.losses(lost);
  verdict.idle();
  return verdict.findings;
}

/** What the laws have found so far, each thing once. */
class Verdict {
  readonly findings: LawFinding[] = [];
  readonly #told: { readonly violation: Violation; readonly older: number; readonly newer: number }[] = [];

  constructor(readonly input: ClassLawsInput) {}

  over(trial: Trial, side: Side, values: readonly unknown[]): void {
    for (const [number, value] of values.entries()) {
      const [worst] = this.#new(trial.judge(value, side, number));
      if (worst === undefined) continue;
      const { maker } = trial.pools[side].stage;
      const breaks = (candidate: unknown): boolean =>
        trial.judge(candidate, side, number).some(({ rule, field }) => rule === worst.rule && field === worst.field);
      const shrunk = simplest(maker, value, breaks);
      const violations = this.#new(trial.judge(shrunk, side, number));
      // What depends on what went before may not happen again.
      for (const violation of violations.length > 0 ? violations : [worst]) this.#tell(violation, shrunk);
    }
  }

  /** Losses that were declared and never came; where something else goes wrong, they may not have had the chance. */
  losses(lost: ReadonlySet<string>): void {
    const { record, stages } = this.input;
    if (this.findings.length > 0) return;
    for (const { from, to, fields } of record.losses) {
      const [newer, older] = [stages.find(({ version }) => version === from), stages.find(({ version }) => version === to)];
      if (newer === undefined || older === undefined) continue;
      for (const field of fields) {
        if (lost.has(`${to} ${from} ${field}`)) continue;
        const what = `@Lossy says that ${field} is lost, but it comes back as it was, whatever it holds`;
        this.#tell({ rule: 'backport/new-old-new', from: newer, to: older, field, what }, undefined);
      }
    }
  }

  /** Functions that made no difference, and those that never ran. */
  idle(): void {
    const { record, stages, watch } = this.input;
    if (this.findings.length > 0) return;
    for (const step of record.steps) {
      const [from, to] = [stages.find(({ version }) => version === step.from), stages.find(({ version }) => version === step.to)];
      if (from === undefined || to === undefined) continue;
      const { runs, differed } = watch.workOf(record, step);
      if (runs > 0 && !differed) {
        const what = `${step.name} gives what it is given, in ${runs} runs: everything else is done by the declarations`;
        this.#tell({ rule: 'backport/noop', from, to, step, what }, undefined);
      }
    }
  }

  /** Those that were not told, and that do not follow from what was told between nearer versions. */
  #new(violations: readonly Violation[]): readonly Violation[] {
    const fresh = worstFirst(violations).filter((violation) => {
      const { older, newer } = this.#span(violation);
      return !this.#told.some((told) => told.violation.rule === violation.rule && told.older >= older && told.newer <= newer);
    });
    return fresh.filter(({ rule, field }, at) => fresh.findIndex((other) => other.rule === rule && other.field === field) === at);
  }

  #span({ from, to, step }: Violation): { older: number; newer: number } {
    const { stages } = this.input;
    const at = (version: Version, stage: LawStage): number => {
      const index = stages.findIndex((one) => one.version === version);
      return index < 0 ? stages.indexOf(stage) : index;
    };
    const ends = [at(step?.from ?? from.version, from), at(step?.to ?? to.version, to)].sort((a, b) => a - b);
    return { older: ends[0] ?? 0, newer: ends[1] ?? 0 };
  }

  #tell(violation: Violation, value: unknown): void {
    const { world, record, seed, judge } = this.input;
    this.#told.push({ violation, ...this.#span(violation) });
    // What its version does not allow, as it is or as it was recorded, was never written: there is no use in keeping it.
    const given = violation.given ?? value;
    const kept = given !== undefined && violation.from.maker.fits(given) && judge(given, violation.from) === undefined;
    this.findings.push(reported(world, record, violation, given === undefined ? undefined : { value: given, seed, kept }));
  }
}

function crossing({ world, record, watch, judge, stages }: ClassLawsInput, older: LawStage, newer: LawStage): Crossing {
  const isNear = stages.indexOf(newer) - stages.indexOf(older) === 1;
  return new Crossing(world, record, { older, newer }, watch, judge, isNear ? record : undefined);
}

/** Neighbours first, so that what goes wrong is told of the nearest versions. */
function pairsOf(stages: readonly LawStage[]): readonly (readonly [LawStage, LawStage])[] {
  const pairs: (readonly [LawStage, LawStage])[] = [];
  for (let distance = 1; distance < stages.length; distance++)
    for (let at = 0; at + distance < stages.length; at++) pairs.push([stages[at] as LawStage, stages[at + distance] as LawStage]);
  return pairs;
}

/** A history of so many stages is short: its pairs are few enough for all the values each. */
const SHORT = 10;

/**
 * How many values go between two versions: all of them where functions are on the way, and a handful where there is none,
 * because then everything is Lynchpin's own work. In a long history, functions that lie further away than the next version
 * get fewer: what goes wrong over a long way does so over a short one or over the whole, and the time would grow with the
 * square of the length.
 */
function amountOf({ record, stages, runs, world }: ClassLawsInput, older: LawStage, newer: LawStage): Amount {
  const on = stepsBetween(world, record, older, newer);
  const distance = stages.indexOf(newer) - stages.indexOf(older);
  if (on.length === 0) return distance === 1 ? { edges: 8, runs: Math.ceil(runs / 20) } : { edges: 3, runs: Math.ceil(runs / 50) };
  if (distance === 1 || stages.length <= SHORT) return { edges: ALL, runs };
  if (distance === 2 || distance === stages.length - 1) return { edges: ALL, runs: Math.ceil(runs / 5) };
  return { edges: 6, runs: Math.ceil(runs / 20) };
}

function stepsBetween(world: World, record: ObjectRecord, older: LawStage, newer: LawStage): readonly StepRecord[] {
  const line = world.lineOf(record);
  const [low, high] = [line.indexOf(older.version), line.indexOf(newer.version)];
  return record.steps.filter(({ from, to }) =>
    [from, to].every((version) => line.indexOf(version) >= low && line.indexOf(version) <= high),
  );
}

function detour(input: ClassLawsInput, older: LawStage, newer: LawStage): Record<Side, Crossing> | undefined {
  const { stages, world, record } = input;
  const [low, high] = [stages.indexOf(older), stages.indexOf(newer)];
  const middle = high - low < 2 ? undefined : stages[(low + high) >> 1];
  if (middle === undefined || stepsBetween(world, record, older, newer).length === 0) return undefined;
  return { older: crossing(input, older, middle), newer: crossing(input, middle, newer) };
}

/** The values of a stage that were kept. Those with tags carry versions of their own, and are read elsewhere. */
function kept({ record, corpus }: ClassLawsInput, stage: LawStage): readonly unknown[] {
  return corpus
    .filter(({ name, version }) => name === record.name && version === stage.version)
    .map(({ value }) => value)
    .filter((value) => stage.maker.fits(value));
}
