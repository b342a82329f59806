import { Field, VersionedObject, t } from 'lynchpin';
import type { Default } from 'lynchpin';
import { Snapshot } from './snapshot.js';
import { Volume } from './volume.js';

/** What a backup reads from: the volume itself, or a snapshot that was made for the purpose. One of the two is set. */
@VersionedObject({ name: 'BackupDeviceInfo', version: '1.0' })
export class BackupDeviceInfo {
  @Field(t.nullable(t.object(() => Volume)), { default: null }) volume!: Default<Volume | null>;
  @Field(t.nullable(t.object(() => Snapshot)), { default: null }) snapshot!: Default<Snapshot | null>;
  @Field(t.boolean(), { default: false }) secure_enabled!: Default<boolean>;
}
