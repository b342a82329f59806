import { LynchpinError } from '../../errors/index.js';
import type { TypeFacts } from '../facts/facts.js';
import { listMaker, mapMaker, nullableMaker } from './collections.js';
import type { Maker, Place } from './maker.js';
import { bigintMaker, numberMaker } from './numbers.js';
import { eitherMaker, objectMaker, unionMaker } from './objects.js';
import type { OwnValues } from './own-values.js';
import { bytesMaker, choiceMaker, jsonMaker } from './scalars.js';
import type { Shapes } from './shapes.js';
import { formatMaker, textMaker } from './texts.js';

/** What the making of values can be told beyond the shapes. */
export interface MakerOptions {
  /** Values of single fields that were brought along. */
  readonly own?: OwnValues;
  /** Texts that are worth trying: those that the functions under test compare with. */
  readonly words?: readonly string[];
  /** Numbers that are. */
  readonly numbers?: readonly number[];
}

/** Compiles what makes the values of some shapes, each class once. */
export class Makers {
  readonly #classes = new Map<string, Maker>();
  readonly #types = new Map<TypeFacts, Maker>();

  constructor(
    readonly shapes: Shapes,
    readonly options: MakerOptions = {},
  ) {}

  /**
   * What makes the objects of a class.
   * @throws LynchpinError `DECLARATION` when the shapes have no such class, or when it has fields of which no values can be
   * made; the latter when the first value is asked for.
   */
  of(name: string): Maker {
    const known = this.#classes.get(name);
    if (known !== undefined) return known;
    const fields = this.shapes[name];
    if (fields === undefined)
      throw new LynchpinError('DECLARATION', `no samples of ${name} can be made: nothing is known of it at this version`, { class: name });
    const maker = later(() => objectMaker(name, fields, (type, place) => this.#field(type, place)));
    this.#classes.set(name, maker);
    return maker;
  }

  /**
   * The same for a class that values are wanted of.
   * @throws LynchpinError `DECLARATION` also for a class that requires itself: its values would never end.
   */
  root(name: string): Maker {
    const maker = this.of(name);
    if (maker.height() === Infinity)
      throw new LynchpinError(
        'DECLARATION',
        `no samples of ${name} can be made: it requires an object that requires it again, without end`,
        {
          class: name,
        },
      );
    return maker;
  }

  /** What makes the values of a type. */
  type(type: TypeFacts, place: Place): Maker {
    switch (type.kind) {
      case 'string':
        return textMaker(type, place, this.options.words ?? []);
      case 'integer':
      case 'number':
        return numberMaker(type, place, this.options.numbers);
      case 'bigint':
        return bigintMaker(type, place);
      case 'bytes':
        return bytesMaker(type, place);
      case 'boolean':
        return choiceMaker([false, true], place);
      case 'uuid':
        return formatMaker('uuid', place);
      case 'datetime':
        return formatMaker('date-time', place);
      case 'json':
        return jsonMaker();
      case 'enum':
        return choiceMaker(type.values, place);
      case 'list':
        return listMaker(type, this.type(type.item, place), place);
      case 'map':
        return mapMaker(type, this.type(type.value, place), place);
      case 'nullable':
        return nullableMaker(this.type(type.inner, place));
      case 'object':
        return this.of(type.of);
      case 'union':
        return unionMaker(type.tag, Object.fromEntries(Object.entries(type.variants).map(([tag, name]) => [tag, this.of(name)])));
      case 'either':
        return eitherMaker(type.options.map((option) => this.type(option, place)));
    }
  }

  /** Whether a value is one of a type, with its objects at the versions of the shapes. */
  fits(type: TypeFacts, value: unknown): boolean {
    let maker = this.#types.get(type);
    if (maker === undefined) this.#types.set(type, (maker = this.#judge(type)));
    return maker.fits(value);
  }

  /** Of what nobody can make values up, anything is taken. */
  #judge(type: TypeFacts): Maker {
    try {
      return this.type(type, { owner: '', field: '' });
    } catch (error) {
      if (error instanceof LynchpinError && error.code === 'DECLARATION') return anything;
      throw error;
    }
  }

  #field(type: TypeFacts, place: Place): Maker {
    return this.options.own?.maker(place, () => this.type(type, place)) ?? this.type(type, place);
  }
}

const anything: Maker = jsonMaker();

/** Compiled with the first value, because classes refer to each other in a circle. */
function later(compile: () => Maker): Maker {
  let compiled: Maker | undefined;
  const maker = (): Maker => (compiled ??= compile());
  return {
    height: () => maker().height(),
    fits: (value) => maker().fits(value),
    least: () => maker().least(),
    edges: (room) => maker().edges(room),
    make: (chance, room) => maker().make(chance, room),
    sample: (place, room) => maker().sample(place, room),
    smaller: (value) => maker().smaller(value),
  };
}
