import { Field, Message, t } from 'lynchpin';
import type { Default } from 'lynchpin';
import { Backend } from '../backend.js';
import { anything, record, text, type AnyRecord, type Anything, type Text } from '../types.js';
import { Volume } from '../volume.js';

const reservations = t.nullable(t.list(t.string()));
type Reservations = Default<string[] | null>;

@Message()
export class CreateVolume {
  @Field(t.object(() => Volume)) volume!: Volume;
  @Field(record, { default: null }) request_spec!: AnyRecord;
  @Field(record, { default: null }) filter_properties!: AnyRecord;
  @Field(t.boolean(), { default: true }) allow_reschedule!: Default<boolean>;
}

@Message()
export class DeleteVolume {
  @Field(t.object(() => Volume)) volume!: Volume;
  /** Forget the volume and leave its data on the back end. */
  @Field(t.boolean(), { default: false }) unmanage_only!: Default<boolean>;
  /** Delete its snapshots too. */
  @Field(t.boolean(), { default: false }) cascade!: Default<boolean>;
}

/** For the methods that take a volume and nothing else. */
@Message()
export class OneVolume {
  @Field(t.object(() => Volume)) volume!: Volume;
}

@Message()
export class ExtendVolume {
  @Field(t.object(() => Volume)) volume!: Volume;
  /** In GiB. */
  @Field(t.integer()) new_size!: number;
  @Field(reservations, { default: null }) reservations!: Reservations;
}

@Message()
export class MigrateVolume {
  @Field(t.object(() => Volume)) volume!: Volume;
  @Field(t.object(() => Backend)) host!: Backend;
  @Field(t.boolean()) force_host_copy!: boolean;
}

@Message()
export class MigrateVolumeCompletion {
  @Field(t.object(() => Volume)) volume!: Volume;
  @Field(t.object(() => Volume)) new_volume!: Volume;
  @Field(t.boolean()) error!: boolean;
}

@Message()
export class UpdateMigratedVolume {
  @Field(t.object(() => Volume)) volume!: Volume;
  @Field(t.object(() => Volume)) new_volume!: Volume;
  @Field(t.string()) volume_status!: string;
}

@Message()
export class Retype {
  @Field(t.object(() => Volume)) volume!: Volume;
  @Field(t.uuid()) new_type_id!: string;
  @Field(t.object(() => Backend)) host!: Backend;
  @Field(t.string(), { default: 'never' }) migration_policy!: Default<string>;
  @Field(reservations, { default: null }) reservations!: Reservations;
  @Field(reservations, { default: null }) old_reservations!: Reservations;
}

@Message()
export class ManageExisting {
  @Field(t.object(() => Volume)) volume!: Volume;
  @Field(anything) ref!: Anything;
}

/** For both lists of what Cinder could take over: of volumes and of snapshots. */
@Message()
export class GetManageable {
  @Field(text, { default: null }) marker!: Text;
  @Field(t.nullable(t.integer()), { default: null }) limit!: Default<number | null>;
  @Field(t.nullable(t.integer()), { default: null }) offset!: Default<number | null>;
  @Field(t.list(t.string())) sort_keys!: string[];
  @Field(t.list(t.string())) sort_dirs!: string[];
  /**
   * Cinder's way of asking for an object instead of a dictionary. On this wire both are the same JSON, so the flag
   * says nothing any more; it stays because the history has it, and may be dropped on the way to an older server.
   */
  @Field(t.boolean(), { since: '3.10', default: false, ignorable: true }) want_objects!: Default<boolean>;
}

@Message()
export class AcceptTransfer {
  @Field(t.uuid()) volume_id!: string;
  @Field(t.string()) new_user!: string;
  @Field(t.string()) new_project!: string;
}

@Message()
export class CopyVolumeToImage {
  @Field(t.uuid()) volume_id!: string;
  @Field(anything) image_meta!: Anything;
}
