import { Field, VersionedObject, t } from 'lynchpin';
import { attachStatus, type AttachStatus } from './attach-status.js';
import { moment, text, uuid, type Moment, type Text } from './types.js';

/** One attachment of a volume to an instance or a host. */
@VersionedObject({ name: 'VolumeAttachment', version: '1.0' })
export class VolumeAttachment {
  @Field(t.uuid()) id!: string;
  @Field(t.uuid()) volume_id!: string;
  @Field(uuid, { default: null }) instance_uuid!: Text;
  @Field(text, { default: null }) attached_host!: Text;
  @Field(text, { default: null }) mountpoint!: Text;
  @Field(moment, { default: null }) attach_time!: Moment;
  @Field(moment, { default: null }) detach_time!: Moment;
  @Field(attachStatus, { default: null }) attach_status!: AttachStatus;
  @Field(text, { default: null }) attach_mode!: Text;
}
