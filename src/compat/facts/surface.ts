import type { Version } from '../../versions/index.js';
import type { ApiEntry, Entry, ObjectEntry } from './entry.js';
import type { Facts } from './facts.js';

/**
 * Everything that some code says on the wire, at every version that it still knows. It is made from the declarations
 * themselves, and it is plain data: rules are functions of it and of what was recorded.
 */
export interface Surface {
  readonly objects: readonly LiveObject[];
  readonly apis: readonly LiveApi[];
  /** Names that more than one class has. The first of the classes is the one above. */
  readonly clashes: readonly NameClash[];
}

/** Several classes with one name on the wire. */
export interface NameClash {
  readonly kind: 'object' | 'api';
  readonly name: string;
  readonly classNames: readonly string[];
}

/** A versioned object as the code has it today. */
export interface LiveObject {
  readonly name: string;
  /** The class that declares it. */
  readonly className: string;
  /** Oldest first; the first is the floor. */
  readonly versions: readonly Version[];
  readonly entries: ReadonlyMap<Version, ObjectEntry>;
  readonly conversions: ConversionFacts;
}

/** An API as the code has it today. */
export interface LiveApi {
  /** The topic. */
  readonly name: string;
  readonly className: string;
  readonly versions: readonly Version[];
  readonly entries: ReadonlyMap<Version, ApiEntry>;
  /** What is declared of the messages, by name. */
  readonly conversions: Readonly<Record<string, ConversionFacts>>;
  /** Earlier names of methods: the name after, the name before, and the first version with the name after. */
  readonly renames: readonly RenameFacts[];
  /** Enum values of what methods answer that came later, by today's wire name of the method. What is in an object is the object's. */
  readonly answers: Readonly<Record<string, readonly FallbackFacts[]>>;
  /** The first version without a method that was taken away with `until`, by wire name. */
  readonly ended: Readonly<Record<string, Version>>;
}

/** How the data of one class gets from version to version, as far as declarations tell. */
export interface ConversionFacts {
  readonly steps: readonly { readonly direction: 'down' | 'up'; readonly from: Version; readonly to: Version; readonly name: string }[];
  readonly losses: readonly { readonly from: Version; readonly to: Version; readonly fields: readonly string[]; readonly reason: string }[];
  /** Earlier names of fields. */
  readonly renames: readonly RenameFacts[];
  /** Enum values that came later, by today's field name. `instead` is what older readers get; without it, sending one is PINNED. */
  readonly fallbacks: readonly (FallbackFacts & { readonly field: string })[];
}

/** An enum value that came later, and what readers get that do not know it. */
export interface FallbackFacts {
  readonly since: Version;
  readonly value: string;
  readonly instead?: string;
}

export interface RenameFacts {
  readonly name: string;
  readonly was: string;
  readonly until: Version;
}

/** What was recorded: what `compat/` holds, or what it held at another commit or in another package. */
export interface Recorded {
  /** For messages: `compat/`, `git:origin/main`, `npm:orders@1.4.2`. */
  readonly origin: string;
  readonly entries: readonly Entry[];
}

/** The recorded entry of a version, or undefined. */
export function recordedEntry<K extends Facts['kind']>(
  recorded: Recorded,
  kind: K,
  name: string,
  version: Version,
): Entry<Extract<Facts, { kind: K }>> | undefined {
  return recorded.entries.find(({ facts }) => facts.kind === kind && facts.name === name && facts.version === version) as
    | Entry<Extract<Facts, { kind: K }>>
    | undefined;
}
