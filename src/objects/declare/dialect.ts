import { LynchpinError } from '../../errors/index.js';
import type { Class } from '../types/class.js';

/**
 * Decorators come in two dialects. A standard one is called with (value, context), a legacy one (`experimentalDecorators`)
 * with (prototype or class, name, descriptor). This file is the only place that knows the difference; what it answers is
 * where the class keeps its records and what was decorated.
 */

const STANDARD = Symbol.for('Symbol.metadata');

// Compilers hand `context.metadata` over only when Symbol.metadata exists while the class is evaluated. Whoever defined it
// first is right, be it the engine or another library.
if ((Symbol as { metadata?: symbol }).metadata === undefined)
  Object.defineProperty(Symbol, 'metadata', { value: STANDARD, configurable: true });

interface StandardContext {
  readonly kind: string;
  readonly name: string | symbol | undefined;
  readonly static?: boolean;
  readonly private?: boolean;
  readonly metadata?: object;
}

/** What a decorator was written on. */
export interface Site {
  readonly kind: 'class' | 'member';
  /** The name of the member or class. */
  readonly name: string;
  readonly static: boolean;
  /** The class, as far as it is known by then: a standard member decorator runs before its class exists. */
  readonly class: Class | undefined;
  /** The object that keeps what is recorded for this class. */
  readonly holder: object;
}

/**
 * Reads the two arguments of a decorator of either dialect.
 * @throws LynchpinError `DECLARATION` for private members and symbols, and when the compiler gives standard decorators no metadata.
 */
export function siteOf(target: unknown, where: unknown): Site {
  return isStandard(where) ? standardSite(target, where) : legacySite(target, where);
}

function standardSite(target: unknown, context: StandardContext): Site {
  const name = memberName(context.name ?? '');
  if (context.private === true) throw new LynchpinError('DECLARATION', `${name} is private: only public members can be declared`);
  if (context.metadata === undefined) {
    throw new LynchpinError(
      'DECLARATION',
      `the decorator on ${name} was given no metadata: compile with TypeScript 5.2 or later (or an esbuild or swc of 2024 or later), or declare with defineObject, defineMessage and defineApi`,
    );
  }
  const isClass = context.kind === 'class';
  return {
    kind: isClass ? 'class' : 'member',
    name,
    static: context.static === true,
    class: isClass ? (target as Class) : undefined,
    holder: context.metadata,
  };
}

function legacySite(target: unknown, where: unknown): Site {
  if (typeof target === 'function') {
    const owner = target as unknown as Class;
    return where === undefined
      ? { kind: 'class', name: owner.name, static: false, class: owner, holder: owner }
      : { kind: 'member', name: memberName(where), static: true, class: owner, holder: owner };
  }
  const owner = (target as { constructor: Class }).constructor;
  return { kind: 'member', name: memberName(where), static: false, class: owner, holder: owner };
}

function isStandard(where: unknown): where is StandardContext {
  return (
    typeof where === 'object' &&
    where !== null &&
    typeof (where as StandardContext).kind === 'string' &&
    typeof (where as { addInitializer?: unknown }).addInitializer === 'function'
  );
}

function memberName(name: unknown): string {
  if (typeof name === 'string') return name;
  throw new LynchpinError('DECLARATION', `${String(name)} is not named by a string: it has no name on the wire`);
}

/**
 * What one room records about classes. The records belong to the class itself, under a symbol that names their format, so
 * that a second copy of the package either understands them or does not see them.
 */
export class Drawer<R extends object> {
  readonly #key: symbol;
  readonly #fresh: () => R;

  /**
   * @param name names the room and the format of its records: "objects/1".
   * @param fresh makes an empty record.
   */
  constructor(name: string, fresh: () => R) {
    this.#key = Symbol.for(`lynchpin.${name}`);
    this.#fresh = fresh;
  }

  /** The record to add to while a decorator runs. */
  at(site: Site): R {
    const record = site.class === site.holder && site.class !== undefined ? this.for(site.class) : this.#open(site.holder);
    // A class outlives a change of Symbol.metadata by someone else, so once it is known it keeps its record itself.
    if (site.class !== undefined && site.class !== site.holder && !Object.hasOwn(site.class, this.#key)) this.#put(site.class, record);
    return record;
  }

  /** The record to add to where there is no decorator. */
  for(owner: Class): R {
    return this.own(owner) ?? this.#open(owner);
  }

  /** What was recorded on this class itself, or undefined. */
  own(owner: Class): R | undefined {
    if (Object.hasOwn(owner, this.#key)) return read<R>(owner, this.#key);
    for (const symbol of [(Symbol as { metadata?: symbol }).metadata, STANDARD]) {
      if (symbol === undefined || !Object.hasOwn(owner, symbol)) continue;
      const metadata = read<object | null>(owner, symbol);
      if (typeof metadata === 'object' && metadata !== null && Object.hasOwn(metadata, this.#key)) return read<R>(metadata, this.#key);
    }
    return undefined;
  }

  /** The records of a class and of those that it extends, the base first. */
  chain(owner: Class): readonly R[] {
    const records: R[] = [];
    for (let at: unknown = owner; typeof at === 'function' && at !== Function.prototype; at = Object.getPrototypeOf(at)) {
      const record = this.own(at as unknown as Class);
      if (record !== undefined) records.unshift(record);
    }
    return records;
  }

  #open(holder: object): R {
    if (!Object.hasOwn(holder, this.#key)) this.#put(holder, this.#fresh());
    return read<R>(holder, this.#key);
  }

  #put(holder: object, record: R): void {
    Object.defineProperty(holder, this.#key, { value: record });
  }
}

function read<T>(holder: object, key: symbol): T {
  return (holder as Record<symbol, unknown>)[key] as T;
}
