import type { Json } from '../types/values.js';
import type { Place } from '../plan/refusal.js';
import { misfit } from './misfit.js';

/** How deep a value of `t.json()` may be nested. Deeper ones would end in a stack overflow at a depth that depends on who called. */
const MAX_DEPTH = 500;

/** Whether plain data has a `__proto__` key or too many levels, and where. */
export function problemOf(value: unknown, depth = MAX_DEPTH): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (depth === 0) return `is nested deeper than ${MAX_DEPTH} levels`;
  if (Array.isArray(value)) {
    for (const item of value) {
      const problem = problemOf(item, depth - 1);
      if (problem !== undefined) return problem;
    }
    return undefined;
  }
  for (const key of Object.keys(value)) {
    const problem = key === '__proto__' ? 'has a key __proto__' : problemOf((value as { [key: string]: unknown })[key], depth - 1);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** Copies a value that must be what JSON can say. Unset properties are left out. */
export function copyJson(value: unknown, place: Place, depth = MAX_DEPTH): Json {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      return Number.isFinite(value) ? value : misfit(place, 'JSON, whose numbers are finite', value);
    case 'object':
      break;
    default:
      return misfit(place, 'JSON', value);
  }
  if (value === null) return null;
  if (depth === 0) return misfit(place, `JSON of at most ${MAX_DEPTH} levels`, value);
  if (Array.isArray(value)) return value.map((item: unknown) => copyJson(item, place, depth - 1));
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) return misfit(place, 'JSON', value);
  const copy: { [key: string]: Json } = {};
  for (const key of Object.keys(value)) {
    const item = (value as { [key: string]: unknown })[key];
    if (key === '__proto__') misfit(place, 'JSON without a key __proto__', value);
    if (item !== undefined) copy[key] = copyJson(item, place, depth - 1);
  }
  return copy;
}
