import { LynchpinError } from '../../errors/index.js';
import { placeName, type Place } from '../plan/refusal.js';

/** Throws for a value that is not of its field's type, before there is anything that a schema could judge. */
export function misfit(place: Place, expected: string, value: unknown): never {
  throw new LynchpinError('INVALID', `${placeName(place)} must be ${expected}, not ${describe(value)}`, {
    class: place.class,
    ...(place.field === undefined ? {} : { field: place.field }),
    expected,
  });
}

/** What a value is, without what is in it: contents may be secret. */
export function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return 'a list';
  if (typeof value !== 'object') return `a ${typeof value}`;
  const name = (Object.getPrototypeOf(value) as { constructor?: { name?: unknown } } | null)?.constructor?.name;
  return typeof name === 'string' && name !== '' && name !== 'Object' ? `a ${name}` : 'an object';
}
