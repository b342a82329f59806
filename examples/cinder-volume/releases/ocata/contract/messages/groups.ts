import { Field, Message, t } from 'lynchpin';
import type { Default } from 'lynchpin';
import { Group } from '../group.js';
import { anything, record, text, type AnyRecord, type Anything, type Text } from '../types.js';

/** For the methods that take a group and nothing else. */
@Message()
export class OneGroup {
  @Field(t.object(() => Group)) group!: Group;
}

@Message()
export class UpdateGroup {
  @Field(t.object(() => Group)) group!: Group;
  /** Ids, separated by commas. */
  @Field(text, { default: null }) add_volumes!: Text;
  /** Ids, separated by commas. */
  @Field(text, { default: null }) remove_volumes!: Text;
}

@Message()
export class CreateGroupFromSource {
  @Field(t.object(() => Group)) group!: Group;
  @Field(record, { default: null }) group_snapshot!: AnyRecord;
  @Field(t.nullable(t.object(() => Group)), { default: null }) source_group!: Default<Group | null>;
}

@Message()
export class OneGroupSnapshot {
  @Field(anything) group_snapshot!: Anything;
}

/** For the methods of consistency groups. */
@Message()
export class OneConsistencyGroup {
  @Field(anything) group!: Anything;
}
