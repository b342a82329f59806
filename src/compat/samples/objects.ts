import type { FieldFacts, TypeFacts } from '../facts/facts.js';
import { copy, type Maker, type Place } from './maker.js';

type Plain = Record<string, unknown>;

/** Enough for the values of any enum that people can remember. */
const MOST_ROWS = 100;

/** One field of a class, with what makes its values. */
interface Part {
  readonly name: string;
  readonly required: boolean;
  readonly maker: Maker;
}

/** Objects of one class. What may be left out is left out now and then, and always where it would nest too deep. */
export function objectMaker(
  owner: string,
  fields: Readonly<Record<string, FieldFacts>>,
  makerOf: (type: TypeFacts, place: Place) => Maker,
): Maker {
  const parts = Object.entries(fields).map(
    ([name, facts]): Part => ({
      name,
      required: facts.presence === 'required',
      maker: makerOf(facts.type, { owner, field: name }),
    }),
  );
  const known = new Map(parts.map((part) => [part.name, part]));
  let height: number | undefined;
  const build = (value: (part: Part) => unknown): Plain => {
    const result: Plain = {};
    for (const part of parts) {
      const item = value(part);
      if (item !== undefined) result[part.name] = item;
    }
    return result;
  };
  const least = (): Plain => build((part) => (part.required ? part.maker.least() : undefined));
  const within = (room: number) => (part: Part) => part.maker.height() <= room;
  const fits = (value: unknown): value is Plain =>
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.keys(value).every((key) => known.has(key)) &&
    parts.every((part) => {
      const item = (value as Plain)[part.name];
      return item === undefined ? !part.required : part.maker.fits(item);
    });
  return {
    height: () => {
      if (height === undefined) {
        // A class that is asked again while it is looked at requires itself.
        height = Infinity;
        height = 1 + Math.max(0, ...parts.filter((part) => part.required).map((part) => part.maker.height()));
      }
      return height;
    },
    fits,
    least,
    edges: (room) => {
      const inner = room - 1;
      const full = build((part) => (within(inner)(part) ? part.maker.sample({ owner, field: part.name }, inner) : leastOf(part)));
      const edges = new Map(parts.map((part) => [part, within(inner)(part) ? part.maker.edges(inner) : [part.maker.least()]]));
      const rows = Math.min(MOST_ROWS, Math.max(0, ...[...edges.values()].map((values) => values.length)));
      // Row by row all fields are at an edge together, so that a few objects hold every edge of every field.
      const table = Array.from({ length: rows }, (_, at) => build((part) => copy(pick(edges.get(part), at))));
      return [least(), build((part) => part.maker.least()), full, ...table];
    },
    make: (chance, room) => {
      const inner = room - 1;
      return build((part) => {
        if (part.required) return part.maker.make(chance, inner);
        if (part.maker.height() > inner || chance.once(5)) return undefined;
        return part.maker.make(chance, inner);
      });
    },
    sample: (_place, room) =>
      build((part) => (within(room - 1)(part) ? part.maker.sample({ owner, field: part.name }, room - 1) : leastOf(part))),
    smaller: function* (value) {
      if (typeof value !== 'object' || value === null) return;
      const plain = value as Plain;
      const optional = parts.filter((part) => !part.required && plain[part.name] !== undefined);
      if (optional.length > 1) yield without(plain, optional);
      if (optional.length > 3) {
        yield without(plain, optional.slice(0, optional.length >> 1));
        yield without(plain, optional.slice(optional.length >> 1));
      }
      for (const part of optional) yield without(plain, [part]);
      for (const part of parts) {
        if (plain[part.name] === undefined) continue;
        for (const other of part.maker.smaller(plain[part.name])) yield { ...plain, [part.name]: other };
      }
    },
  };
}

function leastOf(part: Part): unknown {
  return part.required ? part.maker.least() : undefined;
}

function pick(values: readonly unknown[] | undefined, at: number): unknown {
  return values === undefined || values.length === 0 ? undefined : values[at % values.length];
}

function without(value: Plain, parts: readonly Part[]): Plain {
  const rest = { ...value };
  for (const { name } of parts) delete rest[name];
  return rest;
}

/** One of several classes, told apart by the tag. */
export function unionMaker(tag: string, variants: Readonly<Record<string, Maker>>): Maker {
  const names = Object.keys(variants);
  const maker = (name: string): Maker => variants[name] as Maker;
  // A class may stand for several tags; here it stands for one.
  const tagged = (name: string, value: unknown): Plain => ({ ...(value as Plain), [tag]: name });
  const lowest = (): string => names.reduce((best, name) => (maker(name).height() < maker(best).height() ? name : best));
  const nameOf = (value: unknown): string | undefined => {
    const name = (value as Plain | null)?.[tag];
    return typeof name === 'string' && Object.hasOwn(variants, name) ? name : undefined;
  };
  return {
    height: () => Math.min(...names.map((name) => maker(name).height())),
    fits: (value) => {
      const name = nameOf(value);
      return name !== undefined && maker(name).fits(value);
    },
    least: () => tagged(lowest(), maker(lowest()).least()),
    edges: (room) =>
      names
        .filter((name) => maker(name).height() <= room)
        .flatMap((name) =>
          maker(name)
            .edges(room)
            .slice(0, 4)
            .map((value) => tagged(name, value)),
        ),
    make: (chance, room) => {
      const low = names.filter((name) => maker(name).height() <= room);
      const name = low.length === 0 ? lowest() : chance.one(low);
      return tagged(name, low.length === 0 ? maker(name).least() : maker(name).make(chance, room));
    },
    sample: (place, room) => {
      const name = names.find((one) => maker(one).height() <= room) ?? lowest();
      return tagged(name, maker(name).sample(place, room));
    },
    smaller: function* (value) {
      const name = nameOf(value);
      if (name === undefined) return;
      const first = lowest();
      if (name !== first) yield tagged(first, maker(first).least());
      for (const other of maker(name).smaller(value)) yield tagged(name, other);
    },
  };
}

/** One of several types. */
export function eitherMaker(options: readonly Maker[]): Maker {
  const first = options[0] as Maker;
  const fits = (value: unknown): boolean => options.some((option) => option.fits(value));
  return {
    height: () => 0,
    fits,
    least: () => first.least(),
    edges: (room) => {
      const edges = options.flatMap((option) => option.edges(room));
      // Text that looks like what another option holds is the first thing that is taken for it.
      const alike = edges.flatMap((edge) => (typeof edge === 'number' || typeof edge === 'boolean' ? [String(edge)] : []));
      return [...edges, ...alike.filter((text) => fits(text) && !edges.includes(text)).slice(0, 3)];
    },
    make: (chance, room) => chance.one(options).make(chance, room),
    sample: (place, room) => first.sample(place, room),
    smaller: function* (value) {
      for (const option of options) {
        if (option.fits(value)) return yield* option.smaller(value);
        yield option.least();
      }
    },
  };
}
