import { Field, VersionedObject, t } from 'lynchpin';
import type { Default } from 'lynchpin';
import { anything, type Anything } from './types.js';

/** Where a volume is to go. */
@VersionedObject({ name: 'Backend', version: '1.0' })
export class Backend {
  @Field(t.string()) host!: string;
  @Field(anything, { default: () => ({}) }) capabilities!: Default<Anything>;
}
