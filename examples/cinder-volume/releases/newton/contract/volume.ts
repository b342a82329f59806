// oxlint-disable import/no-cycle -- these objects refer to each other, and so do their files; the thunks make that safe.
import { Field, VersionedObject, t } from 'lynchpin';
import type { Default } from 'lynchpin';
import { attachStatus, type AttachStatus } from './attach-status.js';
import { Cluster } from './cluster.js';
import { Group } from './group.js';
import { Snapshot } from './snapshot.js';
import {
  flag,
  moment,
  record,
  strings,
  text,
  uuid,
  whole,
  type AnyRecord,
  type Flag,
  type Moment,
  type Strings,
  type Text,
  type Whole,
} from './types.js';
import { VolumeAttachment } from './volume-attachment.js';
import { VolumeType } from './volume-type.js';

/** A volume. 1.3 added a method, which leaves no trace on the wire. */
@VersionedObject({ name: 'Volume', version: '1.5' })
export class Volume {
  @Field(t.uuid()) id!: string;
  /** The id under which the back end knows it, after a migration. */
  @Field(uuid, { default: null }) _name_id!: Text;
  @Field(uuid, { default: null }) ec2_id!: Text;
  @Field(text, { default: null }) user_id!: Text;
  @Field(text, { default: null }) project_id!: Text;
  @Field(uuid, { default: null }) snapshot_id!: Text;
  @Field(text, { since: '1.4', default: null }) cluster_name!: Text;
  @Field(t.nullable(t.object(() => Cluster)), { since: '1.4', default: null }) cluster!: Default<Cluster | null>;
  @Field(text, { default: null }) host!: Text;
  /** In GiB. */
  @Field(whole, { default: null }) size!: Whole;
  @Field(text, { default: null }) availability_zone!: Text;
  @Field(text, { default: null }) status!: Text;
  @Field(attachStatus, { default: null }) attach_status!: AttachStatus;
  @Field(text, { default: null }) migration_status!: Text;
  @Field(moment, { default: null }) scheduled_at!: Moment;
  @Field(moment, { default: null }) launched_at!: Moment;
  @Field(moment, { default: null }) terminated_at!: Moment;
  @Field(text, { default: null }) display_name!: Text;
  @Field(text, { default: null }) display_description!: Text;
  @Field(text, { default: null }) provider_id!: Text;
  @Field(text, { default: null }) provider_location!: Text;
  @Field(text, { default: null }) provider_auth!: Text;
  @Field(text, { default: null }) provider_geometry!: Text;
  @Field(uuid, { default: null }) volume_type_id!: Text;
  @Field(uuid, { default: null }) source_volid!: Text;
  @Field(uuid, { default: null }) encryption_key_id!: Text;
  @Field(uuid, { default: null }) consistencygroup_id!: Text;
  @Field(uuid, { since: '1.5', default: null }) group_id!: Text;
  @Field(flag, { default: false }) deleted!: Flag;
  @Field(flag, { default: false }) bootable!: Flag;
  @Field(flag, { default: false }) multiattach!: Flag;
  @Field(text, { default: null }) replication_status!: Text;
  @Field(text, { default: null }) replication_extended_status!: Text;
  @Field(text, { default: null }) replication_driver_data!: Text;
  @Field(text, { default: null }) previous_status!: Text;
  @Field(strings, { since: '1.1', default: null }) metadata!: Strings;
  @Field(strings, { since: '1.1', default: null }) admin_metadata!: Strings;
  @Field(strings, { since: '1.2', default: null }) glance_metadata!: Strings;
  @Field(t.nullable(t.object(() => VolumeType)), { since: '1.1', default: null }) volume_type!: Default<VolumeType | null>;
  /**
   * Snapshots and the group lead back to a volume. The types form a circle; a message is a tree, so
   * whoever fills these fields leaves out the way back (null).
   */
  @Field(t.nullable(t.list(t.object(() => VolumeAttachment))), { since: '1.1', default: null })
  volume_attachment!: Default<VolumeAttachment[] | null>;
  @Field(record, { since: '1.2', default: null }) consistencygroup!: AnyRecord;
  @Field(t.nullable(t.list(t.object(() => Snapshot))), { since: '1.2', default: null }) snapshots!: Default<Snapshot[] | null>;
  @Field(t.nullable(t.object(() => Group)), { since: '1.5', default: null }) group!: Default<Group | null>;
}
