import { LynchpinError } from '../../errors/index.js';
import type { ObjectRecord } from '../../objects/index.js';
import { copy } from '../samples/maker.js';
import { misfitOf } from '../samples/misfit.js';
import { Bridge, type Side } from './bridge.js';
import { during, MOMENTS } from './frozen.js';
import { isSame, shown } from './plain.js';
import type { LawStage } from './stage.js';
import type { Violation } from './violation.js';
import type { Sight, Watch } from './watch.js';
import type { World } from './world.js';

/** What became of a value at another stage. */
export interface Arrival {
  /** Undefined when it did not arrive. */
  readonly value: unknown;
  readonly arrived: boolean;
  readonly violations: readonly Violation[];
}

/** Says what a recording has against a value of a stage; undefined when nothing is recorded, or nothing is wrong. */
export type JudgeRecorded = (value: unknown, stage: LawStage) => string | undefined;

/** The ways between two stages of one class, and what goes wrong on them. */
export class Crossing {
  readonly bridge: Bridge;
  readonly #down: (value: unknown) => unknown;
  readonly #up: (value: unknown) => unknown;

  constructor(
    readonly world: World,
    readonly record: ObjectRecord,
    readonly ends: Readonly<Record<Side, LawStage>>,
    readonly watch: Watch,
    readonly judge: JudgeRecorded,
    /** Whose functions are watched closely; nobody's where nearer versions have been judged. */
    watched: ObjectRecord | undefined,
  ) {
    this.bridge = new Bridge(world, record, ends);
    this.#down = world.between(record, ends.newer, ends.older, watched);
    this.#up = world.between(record, ends.older, ends.newer, watched);
  }

  /** Takes a value from one end to the other. */
  take(value: unknown, from: Side): Arrival {
    const [start, end] = from === 'newer' ? [this.ends.newer, this.ends.older] : [this.ends.older, this.ends.newer];
    const convert = from === 'newer' ? this.#down : this.#up;
    const { result, failure, sights } = this.watch.over(() => convert(copy(value)));
    const own = sights.filter(({ record }) => record === this.record || record.class === this.record.class);
    const seen = distinct(own).map((sight) => this.#seen(sight, start, end));
    const all = (more: readonly Violation[]): readonly Violation[] => [...seen, ...more].map((one) => ({ ...one, given: value }));
    if (failure !== undefined) return { value: undefined, arrived: false, violations: all(this.#failed(failure, seen, start, end)) };
    const problem = this.#problem(result, end);
    return {
      value: result,
      arrived: true,
      violations: all(problem === undefined ? [] : [{ ...problem, from: start, to: end, got: result }]),
    };
  }

  /** Whether a value comes out the same at two moments: functions are watched anyway, but some make defaults. */
  steady(value: unknown, from: Side): Violation | undefined {
    const [start, end] = from === 'newer' ? [this.ends.newer, this.ends.older] : [this.ends.older, this.ends.newer];
    const convert = from === 'newer' ? this.#down : this.#up;
    const [first, second] = MOMENTS.map((moment) => this.watch.over(() => during(moment, () => convert(copy(value)))));
    if (first === undefined || second === undefined || first.failure !== undefined || second.failure !== undefined) return undefined;
    if (first.sights.length > 0 || isSame(first.result, second.result)) return undefined;
    const what = `gives another result at another time, though no function of its own is to blame: a default is made anew each time (${shown(second.result, 300)})`;
    return { rule: 'backport/non-deterministic', from: start, to: end, what, given: value, got: first.result };
  }

  #seen({ rule, step, what, got }: Sight, from: LawStage, to: LawStage): Violation {
    return { rule, step, from, to, what: step.name === '' ? what : `${step.name} ${what}`, got };
  }

  #failed(failure: unknown, seen: readonly Violation[], from: LawStage, to: LawStage): readonly Violation[] {
    if (failure instanceof LynchpinError && failure.code === 'CONVERSION') {
      // It was declared that what only newer versions can say is refused.
      if (failure.details['pin'] !== undefined) return [];
      // The functions of the objects inside are proved with those.
      if (failure.details['class'] !== undefined && failure.details['class'] !== this.record.name) return [];
      if (seen.length > 0) return [];
      return [{ rule: invalidRule(this.#sideOf(to)), from, to, what: failure.message.replace(/^CONVERSION: /, '') }];
    }
    if (seen.length > 0) return [];
    const rule = this.#sideOf(to) === 'older' ? 'backport/throws' : 'upgrade/throws';
    return [{ rule, from, to, what: `throws ${failure instanceof Error ? String(failure) : shown(failure)}` }];
  }

  /** What is wrong with what came out, by the facts of its stage or by what was recorded of it. */
  #problem(result: unknown, stage: LawStage): Pick<Violation, 'rule' | 'what' | 'field' | 'recording'> | undefined {
    const rule = invalidRule(this.#sideOf(stage));
    const misfit = misfitOf(stage.makers, this.record.name, result);
    if (misfit !== undefined) {
      // One of the class itself, further in, went through the same functions: it is their result that is wrong.
      const isOwn = misfit.through.at(-1)?.name === this.record.name;
      const skipped = isOwn ? undefined : this.world.wrongVersion(this.record, stage, misfit);
      const where = misfit.path === '' ? 'its result' : `its result at ${misfit.path}`;
      if (skipped !== undefined) return { rule: 'backport/nested-skipped', what: `${where} ${misfit.what}: ${skipped}` };
      return { rule, what: `${where} ${misfit.what}` };
    }
    const recorded = this.judge(result, stage);
    return recorded === undefined
      ? undefined
      : { rule, what: `its result ${recorded}, by the recorded schema of ${this.record.name} ${stage.version}`, recording: true };
  }

  #sideOf(stage: LawStage): Side {
    return stage === this.ends.older ? 'older' : 'newer';
  }
}

function invalidRule(side: Side): Violation['rule'] {
  return side === 'older' ? 'backport/output-invalid' : 'upgrade/output-invalid';
}

/** A function may run for several objects of one value. */
function distinct(sights: readonly Sight[]): readonly Sight[] {
  return sights.filter(
    (sight, at) =>
      sights.findIndex(({ rule, step }) => rule === sight.rule && step.from === sight.step.from && step.to === sight.step.to) === at,
  );
}
