// oxlint-disable import/no-cycle -- these objects refer to each other, and so do their files; the thunks make that safe.
import { Field, Upgrade, VersionedObject, t } from 'lynchpin';
import type { Default, Older } from 'lynchpin';
import { text, uuid, whole, type Text, type Whole } from './types.js';
import { Volume } from './volume.js';

export const SNAPSHOT_STATUS = ['error', 'available', 'creating', 'deleting', 'deleted', 'updating', 'error_deleting'] as const;
export type SnapshotStatus = (typeof SNAPSHOT_STATUS)[number];

const status = t.nullable(t.enum(SNAPSHOT_STATUS));

/** A snapshot of a volume. */
@VersionedObject({ name: 'Snapshot', version: '1.1' })
export class Snapshot {
  @Field(t.uuid()) id!: string;
  @Field(text, { default: null }) user_id!: Text;
  @Field(text, { default: null }) project_id!: Text;
  @Field(uuid, { default: null }) volume_id!: Text;
  @Field(uuid, { default: null }) cgsnapshot_id!: Text;
  @Field(uuid, { default: null }) group_snapshot_id!: Text;
  /** Free text at 1.0, an enum since 1.1. Every value of the enum is text, so going down needs no function. */
  @Field(status, { default: null, was: { until: '1.1', type: text } }) status!: Default<SnapshotStatus | null>;
  @Field(text, { default: null }) progress!: Text;
  @Field(whole, { default: null }) volume_size!: Whole;
  @Field(text, { default: null }) display_name!: Text;
  @Field(text, { default: null }) display_description!: Text;
  @Field(uuid, { default: null }) encryption_key_id!: Text;
  @Field(uuid, { default: null }) volume_type_id!: Text;
  @Field(text, { default: null }) provider_location!: Text;
  @Field(text, { default: null }) provider_id!: Text;
  @Field(t.map(t.string())) metadata!: Record<string, string>;
  @Field(text, { default: null }) provider_auth!: Text;
  @Field(t.nullable(t.object(() => Volume)), { default: null }) volume!: Default<Volume | null>;

  /** Text that 1.1 has no state for was written by an operator's hand or a lost driver: nothing to build on. */
  @Upgrade({ from: '1.0', to: '1.1' })
  static textToStatus(snapshot: Older<Snapshot, { status: string | null }>) {
    const { status = null } = snapshot;
    return { ...snapshot, status: SNAPSHOT_STATUS.find((known) => known === status) ?? (status === null ? null : ('error' as const)) };
  }
}
