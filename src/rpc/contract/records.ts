import type { AnyFieldType, Class, Deprecation } from '../../objects/index.js';
import type { Line, Version } from '../../versions/index.js';
import type { ServiceErrorClass } from '../service-error.js';

/** An earlier name of a method: `name`, in every version before `until`. */
export interface MethodRename {
  /** The first version in which it no longer has this name. */
  readonly until: Version;
  /** The name that it had on the wire. */
  readonly name: string;
}

/** What a contract says of one method. Frozen plain data. */
export interface MethodRecord {
  /** The property that declares it: what callers and handlers write. */
  readonly property: string;
  /** Its name on the wire today. */
  readonly name: string;
  /** The first version that has it. */
  readonly since: Version;
  /** The first version that no longer has it. */
  readonly until: Version | undefined;
  /** Earlier names, oldest first. */
  readonly was: readonly MethodRename[];
  readonly takes: Class<object> | undefined;
  readonly returns: Class<object> | AnyFieldType | undefined;
  /** Running it twice does no more than running it once. */
  readonly idempotent: boolean;
  /** May be sent to the servers that have it while older ones still hold the pin. */
  readonly early: boolean;
  readonly deprecated: Deprecation | undefined;
  /** How long a call may take when the caller does not say, in ms. */
  readonly timeout: number | undefined;
}

/** What a contract says of itself. Frozen plain data. */
export interface ApiRecord {
  /** The name of the class that declares it, for messages. */
  readonly name: string;
  readonly topic: string;
  /** Every version that this build still reads, floor to newest. */
  readonly line: Line;
  /** Which version of each object every API version carries: entries where something changes. */
  readonly carries: Readonly<Record<Version, Readonly<Record<string, Version>>>>;
  readonly methods: readonly MethodRecord[];
  readonly errors: readonly ServiceErrorClass[];
}
