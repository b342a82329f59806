import { Field, Message, t } from 'lynchpin';
import { Backup } from '../backup.js';
import { text, type Text } from '../types.js';

@Message()
export class GetCapabilities {
  /** Ask the back end instead of answering from what is known. */
  @Field(t.boolean()) discover!: boolean;
}

@Message()
export class Failover {
  /** Null fails over to the target that the driver thinks best. */
  @Field(text, { default: null }) secondary_backend_id!: Text;
}

@Message()
export class GetBackupDevice {
  @Field(t.object(() => Backup)) backup!: Backup;
}
