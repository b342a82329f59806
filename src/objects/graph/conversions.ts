import type { Line } from '../../versions/index.js';
import { Dehydrators } from '../codec/dehydrate.js';
import { Plans } from '../plan/plans.js';
import { Scope, type Stage } from '../plan/stage.js';
import type { ObjectRecord } from '../records/record.js';

/**
 * The conversions of classes between any two stages, with nothing validated before or after: for whoever judges what comes
 * out by other means than the schemas of today.
 */
export class Conversions {
  readonly #scope: Scope;
  readonly #plans: Plans;

  /**
   * @param of who asks, for messages: the class of the API, or of an object that stands alone.
   * @param api the API's versions, on which messages count; undefined where there is no API and so no messages.
   */
  constructor(of: string, api: Line | undefined) {
    const dehydrators = new Dehydrators();
    this.#scope = new Scope(of, api);
    this.#plans = new Plans(this.#scope, (record, field) => dehydrators.fill(record, field));
  }

  /** The versions on which the fields of a class count. */
  lineOf(record: ObjectRecord): Line {
    return this.#scope.lineOf(record);
  }

  /** Every class that a class reaches, itself first. */
  reach(record: ObjectRecord): readonly ObjectRecord[] {
    return this.#plans.reach(record);
  }

  /**
   * What turns plain data of a class at one stage into that of another. It is the plan that messages go through.
   * @throws the conversion throws LynchpinError `CONVERSION` when a function fails, or the target cannot express the data.
   */
  between(record: ObjectRecord, from: Stage, to: Stage): (value: unknown) => unknown {
    return this.#plans.object(record, from, to, 'move') ?? ((value) => value);
  }
}
