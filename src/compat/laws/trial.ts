import type { Version } from '../../versions/index.js';
import { copy } from '../samples/maker.js';
import { valueOf, type Shared, type Side } from './bridge.js';
import type { Crossing } from './crossing.js';
import { isSame, shown } from './plain.js';
import type { Pool } from './stage.js';
import type { Violation } from './violation.js';

type Plain = Record<string, unknown>;

/** How many values are tried before it is said that nothing of a field is carried over. */
const SAMPLES = 12;

/** Judges values of two stages by every law of their conversions. */
export class Trial {
  readonly #carried = new Map<string, boolean>();
  /** Fields that are declared to be lost, and were. */
  readonly lost = new Set<string>();

  constructor(
    readonly crossing: Crossing,
    readonly pools: Readonly<Record<Side, Pool>>,
    /** The ways over a stage between: what they give must not differ. */
    readonly detour: Readonly<Record<Side, Crossing>> | undefined,
  ) {}

  /** What a value breaks on its way. `number` says which field an older peer edits. */
  judge(value: unknown, from: Side, number: number): readonly Violation[] {
    const found = from === 'newer' ? this.#down(value, number) : this.#up(value);
    // What depends on the moment does so for every value that lacks the field.
    const unsteady = number === 0 ? this.crossing.steady(value, from) : undefined;
    return unsteady === undefined ? found : [unsteady, ...found];
  }

  #down(value: unknown, number: number): readonly Violation[] {
    const { bridge, ends } = this.crossing;
    const there = this.crossing.take(value, 'newer');
    if (!there.arrived) return there.violations;
    const violation = this.#violations(ends.newer, ends.older, there.value);
    const found: Violation[] = [...there.violations];
    const changed = bridge.differing(value, 'newer', there.value, 'older');
    for (const shared of changed.filter(({ types }) => types.length === 1))
      found.push(violation('backport/shared-field-changed', shared, change(shared, value, 'newer', there.value, 'older')));
    const back = this.crossing.take(there.value, 'older');
    // What is not valid on arrival may do anything on the way back.
    if (there.violations.length === 0) found.push(...back.violations);
    if (back.arrived) {
      const gone = bridge.differing(value, 'newer', back.value, 'newer');
      for (const shared of gone) {
        const what = change(shared, value, 'newer', back.value, 'newer');
        if (changed.includes(shared))
          found.push(violation('object/lossy-undeclared', shared, `loses what both versions can hold: ${what}`));
        found.push(violation('backport/new-old-new', shared, `and back again: ${what}`));
      }
      this.#noteLosses(value, 'newer', back.value);
    }
    found.push(...this.#detoured(value, 'newer', there.value));
    if (there.violations.length === 0) found.push(...this.#edited(there.value as Plain, number));
    return found;
  }

  #up(value: unknown): readonly Violation[] {
    const { bridge, ends } = this.crossing;
    const there = this.crossing.take(value, 'older');
    if (!there.arrived) return there.violations;
    const violation = this.#violations(ends.older, ends.newer, there.value);
    const found: Violation[] = [...there.violations];
    for (const shared of bridge.differing(value, 'older', there.value, 'newer').filter(({ types }) => types.length === 1))
      found.push(violation('backport/shared-field-changed', shared, change(shared, value, 'older', there.value, 'newer')));
    const back = this.crossing.take(there.value, 'newer');
    // What is not valid on arrival may do anything on the way back.
    if (there.violations.length === 0) found.push(...back.violations);
    if (back.arrived) {
      for (const shared of [...bridge.differing(value, 'older', back.value, 'older'), ...this.#unreturned(value, back.value)])
        found.push(violation('backport/old-new-old', shared, `and back again: ${change(shared, value, 'older', back.value, 'older')}`));
      this.#noteLosses(value, 'older', back.value);
    }
    found.push(...this.#detoured(value, 'older', there.value));
    return found;
  }

  /** Fields that ended between, whose data a function carries up, and that do not come back as they were. */
  #unreturned(value: unknown, back: unknown): readonly Shared[] {
    const { bridge, record } = this.crossing;
    const losses = bridge.losses(record);
    return this.#ended().filter(
      (shared) => !losses.has(shared.field.name) && bridge.differs(shared, value, 'older', back, 'older') && this.#isCarried(shared),
    );
  }

  /** The fields that only the older end has. A function that leads up from there may carry their data. */
  #ended(): readonly Shared[] {
    const { world, record, ends } = this.crossing;
    return record.fields.flatMap((field) => {
      const older = world.fieldAt(record, field, ends.older.version);
      if (older === undefined || field.until === undefined || world.fieldAt(record, field, ends.newer.version) !== undefined) return [];
      if (!this.#stepsUpTo(field.until)) return [];
      return [
        {
          field,
          names: { older: older.name, newer: older.name },
          facts: { older: older.facts, newer: older.facts },
          types: [older.facts.type],
        },
      ];
    });
  }

  #stepsUpTo(version: Version): boolean {
    return this.crossing.record.steps.some(({ direction, to }) => direction === 'up' && to === version);
  }

  /** Whether what a field holds makes a difference above: only then can anyone expect it back. */
  #isCarried(shared: Shared): boolean {
    const known = this.#carried.get(shared.field.name);
    if (known !== undefined) return known;
    const name = shared.names.older;
    const up = (value: unknown): unknown => this.crossing.take(value, 'older').value;
    let carried = false;
    for (let at = 0; at < SAMPLES && !carried; at++) {
      const value = this.pools.older.one(at) as Plain;
      const other = { ...value, [name]: (this.pools.older.one(at * 3 + 7) as Plain)[name] };
      carried = !isSame(value[name], other[name]) && !isSame(up(value), up(other));
    }
    this.#carried.set(shared.field.name, carried);
    return carried;
  }

  /** An older peer gets the data, changes one field and sends it back: the change must survive. */
  #edited(older: Plain, number: number): readonly Violation[] {
    const { bridge, ends, record } = this.crossing;
    const shared = bridge.shared(record);
    const found: Violation[] = [];
    const field = shared[number % Math.max(1, shared.length)];
    const violation = this.#violations(ends.newer, ends.older, older);
    const edit = field === undefined ? undefined : this.#edit(field, older, number);
    if (field !== undefined && edit !== undefined) {
      const back = this.crossing.take(edit, 'older');
      if (back.arrived && bridge.differs(field, edit, 'older', back.value, 'newer') && !this.#changesAnyway(field, edit, number))
        found.push(
          violation('backport/edit-in-the-middle', field, `and back after an edit: ${change(field, edit, 'older', back.value, 'newer')}`),
        );
    }
    const ended = this.#ended().filter((one) => this.#isCarried(one));
    const last = ended[number % Math.max(1, ended.length)];
    const other = last === undefined ? undefined : this.#edit(last, older, number);
    if (last === undefined || other === undefined || bridge.losses(record).has(last.field.name)) return found;
    const up = this.crossing.take(other, 'older');
    const again = up.arrived ? this.crossing.take(up.value, 'newer') : up;
    if (again.arrived && bridge.differs(last, other, 'older', again.value, 'older') && !this.#changesAnyway(last, other, number, 'newer'))
      found.push(
        violation('backport/edit-in-the-middle', last, `and back after an edit: ${change(last, other, 'older', again.value, 'older')}`),
      );
    return found;
  }

  /** Whether the same happens to data that no newer peer has seen: then nothing was put aside, and other laws tell it. */
  #changesAnyway(shared: Shared, edit: Plain, number: number, end?: Side): boolean {
    const { bridge } = this.crossing;
    const name = shared.names.older;
    const fresh = { ...(this.pools.older.random(number) as Plain), [name]: copy(edit[name]) };
    const up = this.crossing.take(fresh, 'older');
    const back = up.arrived && end !== undefined ? this.crossing.take(up.value, end) : up;
    return back.arrived && bridge.differs(shared, fresh, 'older', back.value, end === undefined ? 'newer' : 'older');
  }

  #edit(shared: Shared, value: Plain, number: number): Plain | undefined {
    const name = shared.names.older;
    for (let tried = 0; tried < 6; tried++) {
      const other = (this.pools.older.one(number * 5 + tried + 1) as Plain)[name];
      if (other !== undefined && !isSame(other, value[name]) && this.crossing.bridge.fits(shared, other))
        return { ...value, [name]: copy(other) };
    }
    return undefined;
  }

  #detoured(value: unknown, from: Side, direct: unknown): readonly Violation[] {
    if (this.detour === undefined) return [];
    const { ends } = this.crossing;
    const to: Side = from === 'newer' ? 'older' : 'newer';
    const halfway = this.detour[from].take(value, from);
    const end = halfway.arrived && halfway.violations.length === 0 ? this.detour[to].take(halfway.value, from) : halfway;
    if (!end.arrived || end.violations.length > 0) return [];
    const violation = this.#violations(ends[from], ends[to], direct);
    const over = this.detour[from].ends[to].version;
    return this.#own(to)
      .filter((shared) => this.crossing.bridge.differs(shared, direct, to, end.value, to))
      .map((shared) =>
        violation('backport/path-dependent', shared, `over ${over} gives another result: ${change(shared, direct, to, end.value, to)}`),
      );
  }

  /** Every field of one end. */
  #own(side: Side): readonly Shared[] {
    const { world, record, ends } = this.crossing;
    return record.fields.flatMap((field) => {
      const there = world.fieldAt(record, field, ends[side].version);
      if (there === undefined) return [];
      return [
        {
          field,
          names: { older: there.name, newer: there.name },
          facts: { older: there.facts, newer: there.facts },
          types: [there.facts.type],
        },
      ];
    });
  }

  #noteLosses(value: unknown, side: Side, back: unknown): void {
    const { bridge, record } = this.crossing;
    const losses = bridge.losses(record);
    if (losses.size === 0 || this.lost.size === losses.size) return;
    for (const shared of this.#own(side)) {
      // A default that was left out and is filled in is no loss.
      const [before, after] = [valueOf(value as Plain, shared, side), valueOf(back as Plain, shared, side)];
      if (losses.has(shared.field.name) && !isSame(before, after)) this.lost.add(shared.field.name);
    }
  }

  #violations(from: Violation['from'], to: Violation['to'], got: unknown) {
    return (rule: Violation['rule'], { field }: Shared, what: string): Violation => ({ rule, from, to, field: field.name, what, got });
  }
}

function change({ field, names }: Shared, before: unknown, from: Side, after: unknown, to: Side): string {
  return `${field.name} was ${shown((before as Plain)[names[from]], 200)} and is ${shown((after as Plain)[names[to]], 200)}`;
}
