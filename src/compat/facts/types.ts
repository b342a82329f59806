import { findRecord, leavesOf, valuesAt, variantsAt, type At, type Class, type TypeNode } from '../../objects/index.js';
import type { TypeFacts } from './facts.js';

/** What a type says on the wire at one version. Lists whose order says nothing are sorted. */
export function typeFacts(type: TypeNode, at: At): TypeFacts {
  switch (type.kind) {
    case 'bigint':
      return {
        kind: 'bigint',
        ...(type.minimum === undefined ? {} : { minimum: type.minimum.toString() }),
        ...(type.maximum === undefined ? {} : { maximum: type.maximum.toString() }),
      };
    case 'enum':
      return { kind: 'enum', values: [...valuesAt(type, at)].sort() };
    case 'list':
      return set({ ...type, item: typeFacts(type.item, at) });
    case 'map':
      return set({ ...type, value: typeFacts(type.value, at) });
    case 'nullable':
      return { kind: 'nullable', inner: typeFacts(type.inner, at) };
    case 'object':
      return { kind: 'object', of: wireName(type.of()) };
    case 'union':
      return {
        kind: 'union',
        tag: type.tag,
        variants: Object.fromEntries(variantsAt(type, at).map((variant) => [variant.name, wireName(variant.of())])),
      };
    case 'either':
      return { kind: 'either', options: sorted(type.options.map((option) => typeFacts(option, at))) };
    default:
      return set(type);
  }
}

/** The names of the objects and messages that a type holds. */
export function namesIn(type: TypeFacts): readonly string[] {
  return leavesOf(type).flatMap((leaf) => {
    if (leaf.kind === 'object') return [leaf.of];
    return leaf.kind === 'union' ? Object.values(leaf.variants) : [];
  });
}

/** Without what was given as undefined: that is the same as not given. */
function set<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as T;
}

function sorted(options: readonly TypeFacts[]): readonly TypeFacts[] {
  const keyed = options.map((option) => ({ option, key: JSON.stringify(option) }));
  return keyed.sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ option }) => option);
}

/** The graph was checked before, so every class in it is declared. */
function wireName(owner: Class): string {
  return findRecord(owner)?.name ?? owner.name;
}
