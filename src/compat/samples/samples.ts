import type * as FastCheck from 'fast-check';
import type { Json } from '../../objects/index.js';
import { Chance } from './chance.js';
import { copy, type Maker } from './maker.js';
import { Makers } from './makers.js';
import { fastCheck, OwnValues, type Arbitraries } from './own-values.js';
import type { Shapes } from './shapes.js';

/** How many objects nest in each other, the outermost counted, where nothing forces more. */
const ROOM = 3;

/** Which class's values are wanted, at which versions, and what was brought along. */
export interface SampleInput {
  /** The class's name on the wire. */
  readonly name: string;
  /** The fields of that class and of all in it, at the versions that go together. */
  readonly shapes: Shapes;
  /** Values of single fields, by `Class.field`. Default: all are made up. */
  readonly arbitraries?: Arbitraries;
}

/**
 * A value for people to read: every field set, each to what follows from its own name and type. A field that comes later
 * changes nothing about the others.
 * @throws LynchpinError `DECLARATION` when there is a field of which no values can be made up.
 */
export function sampleOf(input: SampleInput): Json {
  return makerOf(input).sample({ owner: input.name, field: '' }, ROOM) as Json;
}

/**
 * The values at which functions break first, always the same: everything absent, everything null, everything set, then
 * minima, maxima, the empty and the single, text of astral characters at its limit, every enum value and every variant.
 * @throws LynchpinError `DECLARATION` when there is a field of which no values can be made up.
 */
export function edgesOf(input: SampleInput): readonly Json[] {
  return makerOf(input).edges(ROOM) as readonly Json[];
}

/**
 * Wire values as a fast-check arbitrary. They shrink towards what is absent, null, empty, first and short.
 * @throws LynchpinError `DECLARATION` when there is a field of which no values can be made up, or fast-check is not there.
 */
export function arbitraryOf(input: SampleInput): FastCheck.Arbitrary<Json> {
  const { Arbitrary, Value, stream } = fastCheck();
  const maker = makerOf(input);
  class WireValues extends Arbitrary<Json> {
    override generate(random: FastCheck.Random): FastCheck.Value<Json> {
      const value = maker.make(new Chance(random.nextInt()), ROOM) as Json;
      // What a test does to its value must not change how it shrinks.
      return new Value(value, copy(value));
    }

    override canShrinkWithoutContext(value: unknown): value is Json {
      return maker.fits(value);
    }

    override shrink(value: Json, context: unknown): FastCheck.Stream<FastCheck.Value<Json>> {
      const smaller = maker.smaller(context ?? value) as Iterable<Json>;
      return stream(smaller[Symbol.iterator]() as IterableIterator<Json>).map((next) => new Value(copy(next), copy(next)));
    }
  }
  return new WireValues();
}

function makerOf({ name, shapes, arbitraries }: SampleInput): Maker {
  return new Makers(shapes, arbitraries === undefined ? {} : { own: new OwnValues(arbitraries) }).root(name);
}
