import { compareVersions, type Version } from '#lynchpin/versions/index.js';
import { facts, objectIn, type FactField } from './facts.js';

/**
 * What a conversion must give, worked out from the history alone: it shares no code with the library and reads nothing
 * of the contract. Plain and slow, field by field.
 */

export type Plain = { [name: string]: unknown };
/** The version of each object, by name. */
export type Versions = Readonly<Record<string, string>>;

/** States of a snapshot that came later, and what older readers are told. */
const LATER: readonly { readonly since: string; readonly status: string; readonly instead: string }[] = [
  { since: '1.5', status: 'restoring', instead: 'updating' },
  { since: '1.4', status: 'backing-up', instead: 'updating' },
  { since: '1.3', status: 'unmanaging', instead: 'deleting' },
];
/** When status stopped being free text, and which text then had a meaning. */
const ENUMS: Readonly<Record<string, { readonly since: string; readonly values: readonly string[] }>> = {
  Snapshot: { since: '1.1', values: ['error', 'available', 'creating', 'deleting', 'deleted', 'updating', 'error_deleting'] },
  Backup: { since: '1.3', values: ['error', 'error_deleting', 'creating', 'available', 'deleting', 'deleted', 'restoring'] },
};

export function reaches(version: string | undefined, since: string | undefined): boolean {
  return since === undefined || compareVersions((version ?? '1.0') as Version, since as Version) >= 0;
}

/** The object at other versions. */
export function moved(name: string, value: Plain, from: Versions, to: Versions): Plain {
  const result: Plain = {};
  for (const field of facts.objects[name]?.fields ?? []) {
    if (!reaches(to[name], field.since)) continue;
    const given = reaches(from[name], field.since) ? value[field.name] : whenMissing(field);
    if (given !== undefined) result[field.name] = special(name, field.name, inner(field, given, from, to), from, to);
  }
  return result;
}

/** What a field is that the other side did not know. */
function whenMissing({ type, default: value }: FactField): unknown {
  return value ?? (type.endsWith('?') ? null : undefined);
}

function inner(field: FactField, value: unknown, from: Versions, to: Versions): unknown {
  const name = objectIn(field.type);
  if (name === undefined || value === null) return value;
  return Array.isArray(value) ? value.map((item) => moved(name, item as Plain, from, to)) : moved(name, value as Plain, from, to);
}

function special(name: string, field: string, value: unknown, from: Versions, to: Versions): unknown {
  if (name === 'VolumeType' && field === 'extra_specs')
    return reaches(to[name], '1.1') || !reaches(from[name], '1.1') ? value : filled(value as Plain | null);
  if (field !== 'status' || typeof value !== 'string') return value;
  const known = ENUMS[name];
  if (known === undefined) return value;
  if (!reaches(from[name], known.since) && reaches(to[name], known.since)) return known.values.includes(value) ? value : 'error';
  if (name !== 'Snapshot' || !reaches(from[name], known.since)) return value;
  return LATER.reduce((status, later) => (status === later.status && !reaches(to[name], later.since) ? later.instead : status), value);
}

/** No key without a value. */
function filled(specs: Plain | null): Plain | null {
  return specs === null ? null : Object.fromEntries(Object.entries(specs).map(([key, value]) => [key, value ?? '']));
}
