import { Field, VersionedObject, t } from 'lynchpin';
import type { Default } from 'lynchpin';
import { flag, text, uuid, whole, type Flag, type Text, type Whole } from './types.js';

const reference = t.map(text);
type Reference = Record<string, string | null>;

/** A volume on a back end that Cinder could take into its care. */
@VersionedObject({ name: 'ManageableVolume', version: '1.0' })
export class ManageableVolume {
  @Field(reference) reference!: Reference;
  @Field(whole, { default: null }) size!: Whole;
  @Field(flag, { default: false }) safe_to_manage!: Flag;
  @Field(text, { default: null }) reason_not_safe!: Text;
  @Field(uuid, { default: null }) cinder_id!: Text;
  @Field(t.nullable(reference), { default: null }) extra_info!: Default<Reference | null>;
}

/** A snapshot on a back end that Cinder could take into its care. */
@VersionedObject({ name: 'ManageableSnapshot', version: '1.0' })
export class ManageableSnapshot {
  @Field(reference) reference!: Reference;
  @Field(whole, { default: null }) size!: Whole;
  @Field(flag, { default: false }) safe_to_manage!: Flag;
  @Field(text, { default: null }) reason_not_safe!: Text;
  @Field(uuid, { default: null }) cinder_id!: Text;
  @Field(t.nullable(reference), { default: null }) extra_info!: Default<Reference | null>;
  /** The volume that it is a snapshot of. */
  @Field(reference) source_reference!: Reference;
}
