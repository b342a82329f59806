import type { Chance } from './chance.js';

/** Makes the wire values of one type. It is compiled once, and its values are never the same object twice. */
export interface Maker {
  /**
   * The least number of objects that a value nests. Infinity for a class that requires itself, of which there are no values.
   */
  readonly height: () => number;
  /** A value by chance. `room` is how many objects may still nest. */
  make(chance: Chance, room: number): unknown;
  /** The simplest value there is. */
  least(): unknown;
  /** The values at which functions break first: the least, the largest, the empty, each value of a list of values. */
  edges(room: number): readonly unknown[];
  /** A value for people to read, which follows from where it stands and from nothing else. */
  sample(place: Place, room: number): unknown;
  /** Valid values that are simpler than a valid one, the simplest first. None for what cannot be simpler. */
  smaller(value: unknown): Iterable<unknown>;
  /** Whether the value is one of this type, with nothing in it that the facts do not name. */
  fits(value: unknown): boolean;
}

/** Where a value stands: the names from which a sample derives. */
export interface Place {
  readonly owner: string;
  readonly field: string;
}

/** "Volume.size" */
export function placeText({ owner, field }: Place): string {
  return `${owner}.${field}`;
}

/** A value that can be had in any number of copies. */
export function copy<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(copy) as T;
  const result: Record<string, unknown> = {};
  for (const key of Object.keys(value)) result[key] = copy((value as Record<string, unknown>)[key]);
  return result as T;
}
