import { recordOf } from '../records/record-of.js';
import type { FieldRecord, ObjectRecord } from '../records/record.js';
import type { Class } from '../types/class.js';
import type { TypeNode } from '../types/field-type.js';
import { leavesOf } from '../types/leaves.js';

/** The classes that a type names itself. */
export function classesOf(type: TypeNode): readonly Class[] {
  return leavesOf(type).flatMap((leaf) => {
    if (leaf.kind === 'object') return [leaf.of()];
    return leaf.kind === 'union' ? leaf.variants.map((variant) => variant.of()) : [];
  });
}

/** A field's type today and every type that it had. */
export function typesOf(field: FieldRecord): readonly TypeNode[] {
  return [field.type, ...field.was.flatMap((was) => was.type ?? [])];
}

/**
 * Every class that can be reached from some types, in the order in which they are met.
 * @throws LynchpinError `DECLARATION` for one that is not declared, saying which field leads there.
 */
export function reachFrom(types: readonly TypeNode[], where: string): readonly ObjectRecord[] {
  const found = new Map<Class, ObjectRecord>();
  const visit = (type: TypeNode, from: string): void => {
    for (const owner of classesOf(type)) {
      if (found.has(owner)) continue;
      const record = recordOf(owner, from);
      found.set(owner, record);
      for (const field of record.fields) for (const next of typesOf(field)) visit(next, `${record.name}.${field.name}`);
    }
  };
  for (const type of types) visit(type, where);
  return [...found.values()];
}

/** The same, starting with a class, which comes first. */
export function reachOf(record: ObjectRecord): readonly ObjectRecord[] {
  const types = record.fields.flatMap(typesOf);
  return [record, ...reachFrom(types, record.name).filter((other) => other !== record)];
}
