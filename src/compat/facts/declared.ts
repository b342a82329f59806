import { findRecord, type Class } from '../../objects/index.js';
import { Contract, isContract } from '../../rpc/index.js';

/** What some code declares: where a surface comes from. */
export interface Declared {
  readonly contracts: readonly Contract[];
  /** Versioned objects that are exported, whether a contract reaches them or not. */
  readonly objects: readonly Class[];
}

/** The classes among a module's exports that are contracts. */
export function contractClassesIn(module: unknown): readonly Class[] {
  return exportsOf(module).filter(isContract);
}

/**
 * The contracts and versioned objects among a module's exports. Only the exports themselves count: lists and namespaces
 * are not searched, except for the `default` under which a CommonJS module may arrive.
 * @param module what `import()` gives, or an object of classes.
 * @throws LynchpinError `DECLARATION` when a contract's objects and methods cannot work together.
 */
export function declaredIn(module: unknown): Declared {
  const classes = new Set(exportsOf(module));
  return {
    contracts: [...classes].filter(isContract).map((owner) => Contract.of(owner)),
    objects: [...classes].filter((owner) => findRecord(owner)?.kind === 'object'),
  };
}

function exportsOf(module: unknown): readonly Class[] {
  if (typeof module !== 'object' || module === null) return [];
  const values: unknown[] = Object.values(module);
  const { default: whole } = module as { readonly default?: unknown };
  if (typeof whole === 'object' && whole !== null && !Array.isArray(whole)) values.push(...Object.values(whole));
  return values.filter((value): value is Class => typeof value === 'function');
}
