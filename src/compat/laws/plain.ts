/** Whether two values say the same in JSON: the order of keys and the sign of zero do not count, unset is not there. */
export function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((item, at) => isSame(item, b[at]));
  if (Array.isArray(b)) return false;
  const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>];
  for (const key of Object.keys(left)) if (!isSame(left[key], right[key])) return false;
  for (const key of Object.keys(right)) if (left[key] === undefined && right[key] !== undefined) return false;
  return true;
}

/** Deeper values end in a stack overflow somewhere. */
const DEEPEST = 500;
const LONE_SURROGATE = /[\uD800-\uDFFF]/u;

/** Where in a value something is that JSON cannot carry, and what; undefined when there is nothing. */
export function notJson(value: unknown, path = '', depth = DEEPEST): { readonly path: string; readonly what: string } | undefined {
  switch (typeof value) {
    case 'boolean':
      return undefined;
    case 'string':
      return LONE_SURROGATE.test(value) ? { path, what: 'text that ends in the middle of a character (a lone surrogate)' } : undefined;
    case 'number':
      return Number.isFinite(value) ? undefined : { path, what: String(value) };
    case 'object':
      break;
    case 'undefined':
      return { path, what: 'undefined' };
    default:
      return { path, what: `a ${typeof value}` };
  }
  if (value === null) return undefined;
  if (depth === 0) return { path, what: `what refers to itself, or nests deeper than ${DEEPEST} levels` };
  if (Array.isArray(value)) return firstOf(value.keys(), (at) => notJson(value[at], `${path}/${at}`, depth - 1));
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null)
    return { path, what: `a ${(value as object).constructor?.name ?? 'class instance'}` };
  return firstOf(Object.keys(value), (key) => notJson((value as Record<string, unknown>)[key], `${path}/${key}`, depth - 1));
}

/** Every object and list of a value that is JSON, itself included. Those that are met twice come twice. */
export function partsOf(value: unknown, found: object[] = []): object[] {
  if (typeof value !== 'object' || value === null) return found;
  found.push(value);
  for (const part of Array.isArray(value) ? value : Object.values(value)) partsOf(part, found);
  return found;
}

/** For messages: JSON, cut off where it becomes long. */
export function shown(value: unknown, most = 2000): string {
  const text = JSON.stringify(value, (_key, part: unknown) => (typeof part === 'bigint' ? `${part}n` : part)) ?? String(value);
  return text.length > most ? `${text.slice(0, most)}...` : text;
}

function firstOf<T, R>(items: Iterable<T>, look: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const found = look(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
