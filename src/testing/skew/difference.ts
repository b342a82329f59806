/** Where two values of plain JSON differ first, and what stands there; undefined is "nothing". */
export interface Difference {
  /** `volume.attachments[0].host`; empty where the values themselves differ. */
  readonly path: string;
  readonly expected: unknown;
  readonly got: unknown;
}

/** The first difference between two values of plain JSON, or undefined. The order of keys says nothing. */
export function firstDifference(expected: unknown, got: unknown, path = ''): Difference | undefined {
  if (Object.is(expected, got) || expected === got) return undefined;
  if (Array.isArray(expected) && Array.isArray(got)) {
    for (let at = 0; at < Math.max(expected.length, got.length); at++) {
      const found = firstDifference(expected[at], got[at], `${path}[${at}]`);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  if (!isRecord(expected) || !isRecord(got)) return { path, expected, got };
  for (const key of new Set([...Object.keys(expected), ...Object.keys(got)])) {
    const found = firstDifference(own(expected, key), own(got, key), path === '' ? key : `${path}.${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** An object of plain JSON. */
export type PlainRecord = { readonly [key: string]: unknown };

/** Whether a value is an object in the sense of JSON. */
export function isRecord(value: unknown): value is PlainRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What an object itself has under a key. */
export function own(value: PlainRecord, key: string): unknown {
  return Object.hasOwn(value, key) ? value[key] : undefined;
}
