import { Drawer } from '../declare/dialect.js';
import type { FieldOptions, Was } from '../declare/field-options.js';
import type { LossOptions, StepOptions } from '../declare/step-options.js';
import type { AnyFieldType } from '../types/field-type.js';
import type { Version } from '../../versions/index.js';
import type { ObjectRecord } from './record.js';

/** What `@VersionedObject` and `@Message` say about a class. */
export interface Kind {
  readonly kind: 'object' | 'message';
  readonly name: string;
  readonly version?: Version;
  readonly floor?: Version;
  readonly previous?: Readonly<Record<number, Version>>;
}

/** A backport or upgrade as declared. Decorators name a static method, definitions give the function. */
export interface StepDraft extends StepOptions {
  readonly direction: 'down' | 'up';
  readonly name: string;
  readonly run?: (data: never) => object;
}

/** What the declarations of one class have said so far. */
export interface Draft {
  kind?: Kind;
  readonly fields: { readonly name: string; readonly type: AnyFieldType; readonly options: FieldOptions<unknown> }[];
  readonly steps: StepDraft[];
  readonly losses: LossOptions[];
  /** The finished record, until something is added. */
  record?: ObjectRecord | undefined;
}

/** Where classes keep what the objects room records about them. */
export const drafts = new Drawer<Draft>('objects/1', () => ({ fields: [], steps: [], losses: [] }));

/** Earlier names and types as a list. */
export function wasList(was: FieldOptions<unknown>['was']): readonly Was[] {
  return was === undefined ? [] : Array.isArray(was) ? (was as readonly Was[]) : [was as Was];
}
