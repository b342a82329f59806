import fc from 'fast-check';
import { facts, objectIn, type FactField } from './facts.js';
import { reaches, type Plain, type Versions } from './oracle.js';

/** Text that JSON and every reader bear. */
const text = fc.string({ unit: 'grapheme', maxLength: 12 });
const key = fc.string({ minLength: 1, maxLength: 8 }).filter((name) => name !== '__proto__' && name !== '$object');
const anything = fc
  .jsonValue({ maxDepth: 2 })
  .map((value) => JSON.parse(JSON.stringify(value).replaceAll('"__proto__"', '"proto"')) as unknown);
const moment = fc
  .date({ min: new Date('1970-01-01T00:00:00Z'), max: new Date('2200-01-01T00:00:00Z'), noInvalidDate: true })
  .map((date) => date.toISOString());

/** The plain form of an object at a version, with objects inside it down to a depth. Every field is set, but for the way back of an attachment. */
export function objectAt(name: string, versions: Versions, depth: number): fc.Arbitrary<Plain> {
  const shape: Record<string, fc.Arbitrary<unknown>> = {};
  for (const field of facts.objects[name]?.fields ?? []) {
    if (!reaches(versions[name], field.since)) continue;
    const one = fieldOf(name, field, versions, depth);
    if (one !== undefined) shape[field.name] = one;
  }
  return fc.record(shape, { noNullPrototype: true });
}

function fieldOf(owner: string, field: FactField, versions: Versions, depth: number): fc.Arbitrary<unknown> | undefined {
  if (field.name === 'status' && owner === 'Snapshot') return statusOf(owner, versions, '1.1', snapshotStates(versions));
  if (field.name === 'status' && owner === 'Backup')
    return statusOf(owner, versions, '1.3', ['error', 'error_deleting', 'creating', 'available', 'deleting', 'deleted', 'restoring']);
  if (owner === 'VolumeType' && field.name === 'extra_specs') {
    const value = reaches(versions[owner], '1.1') ? fc.option(text) : text;
    return fc.option(fc.dictionary(key, value, { maxKeys: 4, noNullPrototype: true }));
  }
  const inside = objectIn(field.type);
  if (inside !== undefined && depth === 0) return field.type.endsWith('?') ? fc.constant(null) : undefined;
  return typed(field.type, versions, depth);
}

function typed(type: string, versions: Versions, depth: number): fc.Arbitrary<unknown> {
  if (type.endsWith('?')) return fc.option(typed(type.slice(0, -1), versions, depth), { freq: 4 });
  const list = /^list<(.*)>$/.exec(type)?.[1];
  if (list !== undefined) return fc.array(typed(list, versions, depth), { maxLength: 2 });
  const values = /^enum\((.*)\)$/.exec(type)?.[1];
  if (values !== undefined) return fc.constantFrom(...values.split(','));
  switch (type) {
    case 'string':
      return text;
    case 'uuid':
      return fc.uuid();
    case 'integer':
      return fc.maxSafeInteger();
    case 'boolean':
      return fc.boolean();
    case 'datetime':
      return moment;
    case 'map':
      return fc.dictionary(key, anything, { maxKeys: 3, noNullPrototype: true });
    case 'map<string>':
      return fc.dictionary(key, text, { maxKeys: 3, noNullPrototype: true });
    default:
      return objectAt(type, versions, depth - 1);
  }
}

function statusOf(owner: string, versions: Versions, since: string, values: readonly string[]): fc.Arbitrary<unknown> {
  const known = fc.constantFrom(...values);
  const later = fc.constantFrom('unmanaging', 'backing-up', 'restoring');
  return fc.option(reaches(versions[owner], since) ? known : fc.oneof(known, later, text), { freq: 6 });
}

function snapshotStates(versions: Versions): string[] {
  const states = ['error', 'available', 'creating', 'deleting', 'deleted', 'updating', 'error_deleting'];
  for (const [since, state] of [
    ['1.3', 'unmanaging'],
    ['1.4', 'backing-up'],
    ['1.5', 'restoring'],
  ] as const) {
    if (reaches(versions['Snapshot'], since)) states.push(state);
  }
  return states;
}
