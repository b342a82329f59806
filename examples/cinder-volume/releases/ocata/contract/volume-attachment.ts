// oxlint-disable import/no-cycle -- these objects refer to each other, and so do their files; the thunks make that safe.
import { Field, VersionedObject, t } from 'lynchpin';
import { attachStatus, type AttachStatus } from './attach-status.js';
import { moment, text, uuid, type Moment, type Text } from './types.js';
import { Volume } from './volume.js';

/** One attachment of a volume to an instance or a host. */
@VersionedObject({ name: 'VolumeAttachment', version: '1.1' })
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
  /**
   * Cinder declares it as never null and loads it lazily, which is another way of saying that it may be unset.
   * Here it is optional: the circle volume, attachment, volume ends where it is left out.
   */
  @Field(
    t.object(() => Volume),
    { since: '1.1', optional: true },
  )
  volume?: Volume;
}
