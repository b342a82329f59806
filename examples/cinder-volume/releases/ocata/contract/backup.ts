import { Field, Upgrade, VersionedObject, t } from 'lynchpin';
import type { Default, Older } from 'lynchpin';
import { moment, text, whole, type Moment, type Text, type Whole } from './types.js';

export const BACKUP_STATUS = ['error', 'error_deleting', 'creating', 'available', 'deleting', 'deleted', 'restoring'] as const;
export type BackupStatus = (typeof BACKUP_STATUS)[number];

/** A backup of a volume, perhaps an increment of another one. */
@VersionedObject({ name: 'Backup', version: '1.4' })
export class Backup {
  @Field(t.uuid()) id!: string;
  @Field(t.string()) user_id!: string;
  @Field(t.string()) project_id!: string;
  @Field(t.uuid()) volume_id!: string;
  @Field(text, { default: null }) host!: Text;
  @Field(text, { default: null }) availability_zone!: Text;
  @Field(text, { default: null }) container!: Text;
  @Field(text, { default: null }) parent_id!: Text;
  /** Free text until 1.3. */
  @Field(t.nullable(t.enum(BACKUP_STATUS)), { default: null, was: { until: '1.3', type: text } }) status!: Default<BackupStatus | null>;
  @Field(text, { default: null }) fail_reason!: Text;
  @Field(whole, { default: null }) size!: Whole;
  @Field(text, { default: null }) display_name!: Text;
  @Field(text, { default: null }) display_description!: Text;
  @Field(text, { default: null }) service_metadata!: Text;
  @Field(text, { default: null }) service!: Text;
  @Field(whole, { default: null }) object_count!: Whole;
  @Field(text, { default: null }) temp_volume_id!: Text;
  @Field(text, { default: null }) temp_snapshot_id!: Text;
  @Field(whole, { since: '1.1', default: null }) num_dependent_backups!: Whole;
  @Field(text, { since: '1.2', default: null }) snapshot_id!: Text;
  @Field(moment, { since: '1.2', default: null }) data_timestamp!: Moment;
  @Field(text, { since: '1.4', default: null }) restore_volume_id!: Text;

  @Upgrade({ from: '1.2', to: '1.3' })
  static textToStatus(backup: Older<Backup, { status: string | null }>) {
    const { status = null } = backup;
    return { ...backup, status: BACKUP_STATUS.find((known) => known === status) ?? (status === null ? null : ('error' as const)) };
  }
}
