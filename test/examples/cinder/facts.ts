import { readFileSync } from 'node:fs';

/** A field or argument as the history tells it. */
export interface FactField {
  readonly name: string;
  readonly type: string;
  readonly since?: string;
  readonly default?: unknown;
}

export interface FactMethod {
  readonly name: string;
  readonly kind: 'call' | 'cast' | 'fanout';
  readonly since: string;
  readonly until?: string;
  readonly args: readonly FactField[];
}

export interface FactObject {
  readonly version: string;
  readonly history: Readonly<Record<string, string>>;
  readonly fields: readonly FactField[];
}

export interface Facts {
  readonly topic: string;
  readonly version: string;
  readonly floor: string;
  readonly methods: readonly FactMethod[];
  readonly objects: Readonly<Record<string, FactObject>>;
}

/** The history of Cinder's volume API, which knows nothing of the contract that is tested against it. */
export const facts = JSON.parse(
  readFileSync(new URL('../../../../examples/cinder-volume/history/cinder-volume.json', import.meta.url), 'utf8'),
) as Facts;

/** The object whose instances a field holds, itself or in a list. */
export function objectIn(type: string): string | undefined {
  const name = type.replace(/^list<|[>?]/g, '');
  return Object.hasOwn(facts.objects, name) ? name : undefined;
}

/** The objects that an object leads to, itself among them. */
export function reachedFrom(name: string, found = new Set<string>()): ReadonlySet<string> {
  if (found.has(name)) return found;
  found.add(name);
  for (const { type } of facts.objects[name]?.fields ?? []) {
    const inner = objectIn(type);
    if (inner !== undefined) reachedFrom(inner, found);
  }
  return found;
}
