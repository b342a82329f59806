import { AssertionError } from 'node:assert';

/** What an {@link AssertionError} is made of here. */
interface Failure {
  readonly message: string;
  /** Where both are given, runners show how they differ. */
  readonly actual?: unknown;
  readonly expected?: unknown;
}

/** Throws the error that every runner shows as a failed assertion, with our text alone. */
export function fail({ message, ...values }: Failure, from: (...parameters: never[]) => unknown): never {
  // Runners have texts of their own for the known operators; `fail` is the one that they leave alone.
  throw new AssertionError({ message, operator: 'fail', stackStartFn: from as (...parameters: unknown[]) => unknown, ...values });
}

/** What differs between two values of plain JSON, one line each: `~ fields.host: expected "a", got null`. */
export function differences(actual: unknown, expected: unknown, path = ''): readonly string[] {
  if (actual === expected) return [];
  if (isBranch(actual) && isBranch(expected) && Array.isArray(actual) === Array.isArray(expected)) {
    const keys = [...new Set([...Object.keys(expected), ...Object.keys(actual)])];
    return keys.flatMap((key) => differences(child(actual, key), child(expected, key), path === '' ? key : `${path}.${key}`));
  }
  const at = path === '' ? 'the value' : path;
  if (actual === undefined) return [`- ${at}: expected ${text(expected)}, but it is unset`];
  if (expected === undefined) return [`+ ${at}: got ${text(actual)}, which is not expected`];
  return [`~ ${at}: expected ${text(expected)}, got ${text(actual)}`];
}

function isBranch(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function child(of: object, key: string): unknown {
  return Object.hasOwn(of, key) ? (of as Record<string, unknown>)[key] : undefined;
}

/** A value for a message: its JSON, cut where it is long. */
export function text(value: unknown): string {
  const json = JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? `${part}n` : part)) ?? String(value);
  return json.length <= LONGEST ? json : `${json.slice(0, LONGEST)}... (${json.length} characters)`;
}

const LONGEST = 300;
