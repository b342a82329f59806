import { Field, VersionedObject, t } from 'lynchpin';
import type { Default } from 'lynchpin';
import { anything, text, type Anything, type Text } from './types.js';

/**
 * Where a volume is to go. In Cinder a plain dictionary, put together by the caller, who deletes `cluster_name` from
 * it again when the pin is below 3.5. As an object with a version the dictionary does that by itself.
 */
@VersionedObject({ name: 'Backend', version: '1.1' })
export class Backend {
  @Field(t.string()) host!: string;
  @Field(text, { since: '1.1', default: null }) cluster_name!: Text;
  @Field(anything, { default: () => ({}) }) capabilities!: Default<Anything>;
}
