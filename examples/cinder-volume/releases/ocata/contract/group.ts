// oxlint-disable import/no-cycle -- these objects refer to each other, and so do their files; the thunks make that safe.
import { Field, VersionedObject, t } from 'lynchpin';
import type { Default } from 'lynchpin';
import { anything, text, uuid, type Anything, type Text } from './types.js';
import { VolumeType } from './volume-type.js';
import { Volume } from './volume.js';

/** Volumes that are replicated and snapshot together. */
@VersionedObject({ name: 'Group', version: '1.1' })
export class Group {
  @Field(t.uuid()) id!: string;
  @Field(t.string()) user_id!: string;
  @Field(t.string()) project_id!: string;
  @Field(text, { default: null }) cluster_name!: Text;
  @Field(text, { default: null }) host!: Text;
  @Field(text, { default: null }) availability_zone!: Text;
  @Field(text, { default: null }) name!: Text;
  @Field(text, { default: null }) description!: Text;
  @Field(t.string()) group_type_id!: string;
  @Field(t.nullable(t.list(t.string())), { default: null }) volume_type_ids!: Default<string[] | null>;
  @Field(text, { default: null }) status!: Text;
  @Field(uuid, { since: '1.1', default: null }) group_snapshot_id!: Text;
  @Field(uuid, { since: '1.1', default: null }) source_group_id!: Text;
  @Field(t.nullable(t.list(t.object(() => Volume))), { default: null }) volumes!: Default<Volume[] | null>;
  @Field(t.nullable(t.list(t.object(() => VolumeType))), { default: null }) volume_types!: Default<VolumeType[] | null>;
  @Field(t.nullable(t.list(anything)), { since: '1.1', default: null }) group_snapshots!: Default<Anything[] | null>;
}
