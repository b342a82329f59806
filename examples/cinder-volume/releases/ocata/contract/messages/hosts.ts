import { Field, Message, t } from 'lynchpin';
import type { Default } from 'lynchpin';
import { Backup } from '../backup.js';
import { anything, text, type Anything, type Text } from '../types.js';

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
export class FailoverCompleted {
  @Field(anything) updates!: Anything;
}

@Message()
export class DoCleanup {
  @Field(anything) cleanup_request!: Anything;
}

@Message()
export class GetBackupDevice {
  @Field(t.object(() => Backup)) backup!: Backup;
  /** See {@link GetManageable.want_objects}: without meaning here. */
  @Field(t.boolean(), { since: '3.2', default: false, ignorable: true }) want_objects!: Default<boolean>;
}
