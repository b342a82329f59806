import { Field, Message, t } from 'lynchpin';
import type { Default } from 'lynchpin';
import { anything, record, text, uuid, type AnyRecord, type Anything, type Text } from '../types.js';
import { Volume } from '../volume.js';

@Message()
export class AttachVolume {
  @Field(t.uuid()) volume_id!: string;
  @Field(uuid, { default: null }) instance_uuid!: Text;
  @Field(text, { default: null }) host_name!: Text;
  @Field(text, { default: null }) mountpoint!: Text;
  @Field(text, { default: null }) mode!: Text;
}

@Message()
export class DetachVolume {
  @Field(t.uuid()) volume_id!: string;
  @Field(uuid, { default: null }) attachment_id!: Text;
}

@Message()
export class InitializeConnection {
  @Field(anything) connector!: Anything;
  @Field(t.object(() => Volume)) volume!: Volume;
}

@Message()
export class TerminateConnection {
  @Field(t.uuid()) volume_id!: string;
  @Field(record, { default: null }) connector!: AnyRecord;
  @Field(t.boolean(), { default: false }) force!: Default<boolean>;
}

@Message()
export class RemoveExport {
  @Field(t.uuid()) volume_id!: string;
}
