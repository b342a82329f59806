import type { Line, Version } from '../../versions/index.js';
import type { Class } from '../types/class.js';
import type { TypeNode } from '../types/field-type.js';
import type { Deprecation } from './deprecation.js';

/** A declared class as plain frozen data: what plans, schemas and codecs are compiled from. */
export interface ObjectRecord {
  readonly kind: 'object' | 'message';
  /** The name on the wire. */
  readonly name: string;
  readonly class: Class;
  /** The object's own versions. A message has none: it counts on the line of the API that uses it. */
  readonly line: Line | undefined;
  /** Every field of any version, inherited ones first. */
  readonly fields: readonly FieldRecord[];
  readonly steps: readonly StepRecord[];
  readonly losses: readonly LossRecord[];
}

export interface FieldRecord {
  /** Today's name. */
  readonly name: string;
  /** Today's type. */
  readonly type: TypeNode;
  readonly since: Version | undefined;
  readonly until: Version | undefined;
  readonly default: DefaultRecord | undefined;
  readonly optional: boolean;
  readonly ignorable: boolean;
  readonly whenPinned: 'reject' | undefined;
  readonly deprecated: Deprecation | undefined;
  /** Earlier names and types, oldest first. */
  readonly was: readonly WasRecord[];
}

/** A default: a value, or a function that makes one each time. */
export interface DefaultRecord {
  readonly value: unknown;
  readonly made: boolean;
}

export interface WasRecord {
  readonly until: Version;
  readonly name: string | undefined;
  readonly type: TypeNode | undefined;
}

export interface StepRecord {
  readonly direction: 'down' | 'up';
  readonly from: Version;
  readonly to: Version;
  /** The function's name, for messages. */
  readonly name: string;
  readonly run: (data: PlainObject) => unknown;
  /** The function as it stands in the source. */
  readonly text: string;
}

export interface LossRecord {
  readonly from: Version;
  readonly to: Version;
  readonly fields: readonly string[];
  readonly reason: string;
}

/** An object of plain JSON. */
export type PlainObject = { [key: string]: unknown };

/** The value of a default, made anew where a function makes it. */
export function defaultValue(record: DefaultRecord): unknown {
  return record.made ? (record.value as () => unknown)() : record.value;
}
