import { Field, Message, t } from 'lynchpin';
import type { Default } from 'lynchpin';
import { Snapshot } from '../snapshot.js';
import { anything, record, type AnyRecord, type Anything } from '../types.js';

@Message()
export class CreateSnapshot {
  @Field(t.object(() => Snapshot)) snapshot!: Snapshot;
}

@Message()
export class DeleteSnapshot {
  @Field(t.object(() => Snapshot)) snapshot!: Snapshot;
  @Field(t.boolean(), { default: false }) unmanage_only!: Default<boolean>;
}

@Message()
export class ManageExistingSnapshot {
  @Field(t.object(() => Snapshot)) snapshot!: Snapshot;
  @Field(anything) ref!: Anything;
}

@Message()
export class InitializeConnectionSnapshot {
  @Field(t.uuid()) snapshot_id!: string;
  @Field(anything) connector!: Anything;
}

@Message()
export class TerminateConnectionSnapshot {
  @Field(t.uuid()) snapshot_id!: string;
  @Field(record, { default: null }) connector!: AnyRecord;
  @Field(t.boolean(), { default: false }) force!: Default<boolean>;
}

@Message()
export class RemoveExportSnapshot {
  @Field(t.uuid()) snapshot_id!: string;
}
