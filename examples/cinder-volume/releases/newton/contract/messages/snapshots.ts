import { Field, Message, t } from 'lynchpin';
import type { Default } from 'lynchpin';
import { Snapshot } from '../snapshot.js';
import { anything, type Anything } from '../types.js';

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
