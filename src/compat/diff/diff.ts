import type { Facts } from '../facts/facts.js';
import type { Change } from './change.js';
import { diffApi } from './diff-api.js';
import { diffFields } from './diff-fields.js';
import { unknownKeys } from './leftover.js';
import { asJson, sameJson } from './same.js';

/**
 * Everything in which two facts differ, whatever it means for whom: that is for the rules to say. Versions are not compared,
 * because whoever compares knows which two they are. The world is closed: facts that differ in anything else than their
 * version never give an empty list, and what no kind of change describes is `unclassified`.
 */
export function diffFacts(before: Facts, after: Facts): readonly Change[] {
  const changes = differences(before, after);
  if (changes.length > 0 || sameJson({ ...before, version: '' }, { ...after, version: '' })) return changes;
  return [{ path: '', kind: 'unclassified', before: asJson(before), after: asJson(after) }];
}

function differences(before: Facts, after: Facts): readonly Change[] {
  if (before.kind === 'object' && after.kind === 'object')
    return [
      ...(before.name === after.name ? [] : [{ path: 'name', kind: 'name-changed', before: before.name, after: after.name } as const]),
      ...diffFields(before.fields, after.fields, { path: '' }),
      ...unknownKeys(before, after, ['kind', 'name', 'version', 'fields'], { path: '' }),
    ];
  if (before.kind === 'api' && after.kind === 'api')
    return [
      ...(before.name === after.name ? [] : [{ path: 'name', kind: 'topic-changed', before: before.name, after: after.name } as const]),
      ...diffApi(before, after),
      ...unknownKeys(before, after, ['kind', 'name', 'version', 'carries', 'methods', 'messages', 'errors'], { path: '' }),
    ];
  return [{ path: 'kind', kind: 'unclassified', before: asJson(before.kind), after: asJson(after.kind) }];
}
