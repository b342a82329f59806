import { LynchpinError } from '../../errors/index.js';
import type { Line, Version } from '../../versions/index.js';
import type { ObjectRecord } from '../records/record.js';

/**
 * One point in the history of everything that a contract reaches: it says at which version each class is there. Plans
 * lead from one stage to another.
 */
export interface Stage {
  /** Tells stages of one graph apart. */
  readonly key: string;
  /** The version of a class at this stage. */
  at(record: ObjectRecord): Version;
  /** The version on the API's own line, for shapes that are not classes. */
  readonly api: Version | undefined;
}

/** On whose line the versions of a class count. */
export class Scope {
  /**
   * @param of the class of the API, for messages; or what else asks.
   * @param api the API's line, or undefined where there is no API and so no messages.
   */
  constructor(
    readonly of: string,
    readonly api: Line | undefined,
  ) {
    this.head = { key: 'head', at: (record) => this.lineOf(record).head, api: api?.head };
  }

  /** The line that the fields of a class count on. */
  lineOf(record: ObjectRecord): Line {
    const line = record.line ?? this.api;
    if (line === undefined)
      throw new LynchpinError(
        'DECLARATION',
        `${record.name} is a message: it has no version of its own, so it cannot stand alone; declare it with @VersionedObject to store or queue it`,
        { class: record.name },
      );
    return line;
  }

  /** The stage at which every class is newest: today's. */
  readonly head: Stage;
}
