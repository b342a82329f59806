import type { Line } from '../../versions/index.js';
import { recordOf } from '../records/record-of.js';
import type { FieldRecord, ObjectRecord, PlainObject } from '../records/record.js';
import type { Class } from '../types/class.js';
import type { TypeNode } from '../types/field-type.js';
import { convertObject } from './convert-object.js';
import { convertType, type Convert, type Span } from './convert-type.js';
import { changesOn, mustCheck } from './own-change.js';
import { reachFrom, reachOf } from './reach.js';
import type { Purpose } from './refusal.js';
import type { Scope, Stage } from './stage.js';

/** A conversion that is compiled, or being compiled: classes refer to each other in a circle. */
interface Cell {
  run: ((value: PlainObject) => PlainObject) | undefined;
}

/** Compiles conversions between the stages of one graph, each once. */
export class Plans {
  readonly #cells = new Map<string, Cell>();
  readonly #reach = new Map<ObjectRecord, readonly ObjectRecord[]>();

  /** @param fill makes the default of a field in its newest plain form. */
  constructor(
    readonly scope: Scope,
    readonly fill: (record: ObjectRecord, field: FieldRecord) => (() => unknown) | undefined,
  ) {}

  /** The conversion of the values of a type that belongs to no class, such as the result of a method. */
  type(type: TypeNode, where: string, from: Stage, to: Stage, purpose: Purpose): Convert {
    const line = this.scope.api;
    const span = line === undefined || from.api === undefined || to.api === undefined ? undefined : { line, from: from.api, to: to.api };
    if (span === undefined) return undefined;
    return convertType(type, {
      span,
      purpose,
      place: { class: where, field: undefined },
      child: (owner) => this.object(this.#recordOf(owner), from, to, purpose),
    });
  }

  /** The conversion of the objects of a class, or undefined when nothing differs between the stages. */
  object(record: ObjectRecord, from: Stage, to: Stage, purpose: Purpose): Convert {
    if (!this.reach(record).some((other) => changesOn(other, this.#span(other, from, to)))) return undefined;
    const key = `${record.name} ${from.key} ${to.key} ${purpose}`;
    let cell = this.#cells.get(key);
    if (cell === undefined) {
      cell = { run: undefined };
      this.#cells.set(key, cell);
      cell.run = this.#compile(record, from, to, purpose);
    }
    const found = cell;
    return (found.run ?? ((value: PlainObject) => (found.run as NonNullable<Cell['run']>)(value))) as Convert;
  }

  /** Whether what comes out between two stages must be validated: functions and changed types promise nothing. */
  mustCheck(type: TypeNode, where: string, from: Stage, to: Stage): boolean {
    return reachFrom([type], where).some((record) => mustCheck(record, this.#span(record, from, to)));
  }

  /** Every class that a class reaches, itself first. */
  reach(record: ObjectRecord): readonly ObjectRecord[] {
    let reach = this.#reach.get(record);
    if (reach === undefined) this.#reach.set(record, (reach = reachOf(record)));
    return reach;
  }

  #compile(record: ObjectRecord, from: Stage, to: Stage, purpose: Purpose): (value: PlainObject) => PlainObject {
    const { head } = this.scope;
    const child = (start: Stage, end: Stage) => (owner: Class) => this.object(this.#recordOf(owner), start, end, purpose);
    return convertObject(record, {
      span: this.#span(record, from, to),
      purpose,
      fill: (field) => this.fill(record, field),
      children: { across: child(from, to), before: child(from, head), after: child(head, to) },
    });
  }

  #span(record: ObjectRecord, from: Stage, to: Stage): Span {
    const line: Line = this.scope.lineOf(record);
    return { line, from: from.at(record), to: to.at(record) };
  }

  #recordOf(owner: Class): ObjectRecord {
    return recordOf(owner, this.scope.of);
  }
}
