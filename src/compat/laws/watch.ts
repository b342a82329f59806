import type { ObjectRecord, PlainObject, StepRecord } from '../../objects/index.js';
import type { RuleId } from '../rules/catalog.js';
import { copy } from '../samples/maker.js';
import { during, MOMENTS } from './frozen.js';
import { isSame, notJson, partsOf, shown } from './plain.js';
import type { Lasting } from './world.js';

/** What a function was seen to do that it must not. */
export interface Sight {
  readonly record: ObjectRecord;
  readonly step: StepRecord;
  readonly rule: RuleId;
  readonly what: string;
  readonly got?: unknown;
}

/** What came of some work. */
export interface Watched {
  readonly result: unknown;
  /** What it threw; undefined when it did not. */
  readonly failure: unknown;
  readonly sights: readonly Sight[];
}

/** How often a function ran, and whether it ever made a difference. */
export interface Work {
  runs: number;
  differed: boolean;
}

/**
 * Runs the functions of classes and looks at what they do. Each runs twice, at moments that have nothing in common, on copies
 * of the same data that are not frozen, so that what a function does to its input can be seen.
 */
export class Watch {
  #sights: Sight[] = [];
  #last: unknown;
  readonly #work = new Map<string, Work>();

  /** What came of some work, and what was seen while it was done. */
  over(work: () => unknown): Watched {
    this.#sights = [];
    this.#last = undefined;
    try {
      const result = work();
      return { result, failure: undefined, sights: this.#sights };
    } catch (failure) {
      return { result: undefined, failure, sights: this.#sights };
    }
  }

  /** What the function that ran last has returned. */
  get last(): unknown {
    return this.#last;
  }

  /** What a function has done so far. */
  workOf(record: ObjectRecord, step: StepRecord): Work {
    const key = `${record.name} ${step.from} ${step.to}`;
    let work = this.#work.get(key);
    if (work === undefined) this.#work.set(key, (work = { runs: 0, differed: false }));
    return work;
  }

  /** The function, told of only where it throws or gives a promise: nearer versions have shown what else it does. */
  glanced(record: ObjectRecord, step: StepRecord): StepRecord['run'] {
    return (data) => {
      try {
        const result = (this.#last = during(MOMENTS[0], () => step.run(copy(data))));
        if (isPromise(result)) this.#promised(record, step, result);
        return result;
      } catch (error) {
        this.#threw(record, step, error);
        throw error;
      }
    };
  }

  #promised(record: ObjectRecord, step: StepRecord, result: PromiseLike<unknown>): void {
    // Nobody waits for it, and what it fails with is beside the point.
    result.then(undefined, () => undefined);
    this.#sights.push({ record, step, rule: 'backport/async', what: 'returns a promise', got: 'a promise' });
  }

  #threw(record: ObjectRecord, step: StepRecord, error: unknown): void {
    const rule = step.direction === 'down' ? 'backport/throws' : 'upgrade/throws';
    this.#sights.push({ record, step, rule, what: `throws ${error instanceof Error ? String(error) : shown(error)}` });
  }

  /** The function, watched. */
  watched(record: ObjectRecord, step: StepRecord, lasting: Lasting): StepRecord['run'] {
    const done = this.workOf(record, step);
    return (data) => {
      const see = (rule: RuleId, what: string, got?: unknown): void => void this.#sights.push({ record, step, rule, what, got });
      done.runs++;
      const [first, second] = [copy(data), copy(data)];
      let result: unknown;
      try {
        result = during(MOMENTS[0], () => step.run(first));
      } catch (error) {
        this.#threw(record, step, error);
        throw error;
      }
      this.#last = result;
      if (isPromise(result)) {
        this.#promised(record, step, result);
        return result;
      }
      if (!isSame(first, data)) see('backport/mutates-input', `changes its input: ${changed(data, first)}`, first);
      const problem = unusable(result);
      if (problem !== undefined)
        see('backport/not-json', `returns ${problem.what}${problem.path === '' ? '' : ` at ${problem.path}`}`, shown(result));
      if (differs(data, result, lasting)) done.differed = true;
      if (problem === undefined) this.#again(step, { first, second, result, lasting }, see);
      return result;
    };
  }

  #again(step: StepRecord, run: Again, see: (rule: RuleId, what: string, got?: unknown) => void): void {
    let again: unknown;
    try {
      again = during(MOMENTS[1], () => step.run(run.second));
    } catch (error) {
      see('backport/non-deterministic', `throws at another time what it returned before: ${String(error)}`);
      return;
    }
    if (!isSame(again, run.result))
      see('backport/non-deterministic', `gives another result at another time: ${shown(again, 300)}`, run.result);
    const parts = partsOf(again);
    const lasting = run.lasting.flatMap(({ name }) => partsOf((again as PlainObject | null)?.[name]));
    if (new Set(lasting).size < lasting.length) see('backport/aliases-input', 'returns one object or list in two places', again);
    const before = new Set([...partsOf(run.result), ...partsOf(run.first)]);
    const kept = parts.find((part) => before.has(part));
    if (kept !== undefined)
      see('backport/aliases-input', `returns in two calls the same ${Array.isArray(kept) ? 'list' : 'object'}: ${shown(kept, 300)}`, again);
  }
}

/** What a function was called with and gave, when it is called again. */
interface Again {
  readonly first: PlainObject;
  readonly second: PlainObject;
  readonly result: unknown;
  readonly lasting: Lasting;
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';
}

/** The fields of the object itself may be undefined, which means unset; nothing in them may. */
function unusable(result: unknown): ReturnType<typeof notJson> {
  if (typeof result !== 'object' || result === null || Array.isArray(result)) return undefined;
  for (const [name, value] of Object.entries(result)) {
    const problem = value === undefined || value === null ? undefined : notJson(value, `/${name}`);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** Whether a result differs from what would be there without the function. */
function differs(data: PlainObject, result: unknown, lasting: Lasting): boolean {
  if (typeof result !== 'object' || result === null) return true;
  return lasting.some(({ name, begins, usual }) => {
    const value = (result as PlainObject)[name];
    return begins ? value !== undefined && !isSame(value, usual) : !isSame(value, data[name]);
  });
}

function changed(before: PlainObject, after: PlainObject): string {
  const names = Object.keys({ ...before, ...after }).filter((name) => !isSame(before[name], after[name]));
  return names.map((name) => `${name} was ${shown(before[name], 120)} and is ${shown(after[name], 120)}`).join(', ');
}
