import type { Json } from '../../objects/index.js';

type Part = { readonly [key: string]: unknown };

/** Whether two values are the same JSON. The order of keys does not count, and a key that is undefined is not there. */
export function sameJson(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) || Array.isArray(b))
    return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((item, at) => sameJson(item, b[at]));
  if (!isPart(a) || !isPart(b)) return a === b;
  const [left, right] = [keysOf(a), keysOf(b)];
  return left.length === right.length && left.every((key) => Object.hasOwn(b, key) && sameJson(a[key], b[key]));
}

/** The names that either of two objects has, sorted. */
export function keysOfBoth(a: object, b: object): readonly string[] {
  return [...new Set([...keysOf(a), ...keysOf(b)])].sort();
}

/** What an object has under a name of its own. */
export function own<T>(of: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(of, name) ? of[name] : undefined;
}

/** Something of unknown form as the JSON that it is. */
export function asJson(value: unknown): Json | undefined {
  return value as Json | undefined;
}

function isPart(value: unknown): value is Part {
  return typeof value === 'object' && value !== null;
}

function keysOf(value: object): readonly string[] {
  return Object.keys(value).filter((key) => (value as Part)[key] !== undefined);
}
