import { Field, VersionedObject, t } from 'lynchpin';
import type { Default } from 'lynchpin';
import { flag, moment, text, type Flag, type Moment, type Text } from './types.js';

/** Services that act as one: any of them may serve the volumes of all. */
@VersionedObject({ name: 'Cluster', version: '1.0' })
export class Cluster {
  @Field(t.integer()) id!: number;
  @Field(t.string()) name!: string;
  @Field(t.string()) binary!: string;
  @Field(flag, { default: false }) disabled!: Flag;
  @Field(text, { default: null }) disabled_reason!: Text;
  @Field(t.integer(), { default: 0 }) num_hosts!: Default<number>;
  @Field(t.integer(), { default: 0 }) num_down_hosts!: Default<number>;
  @Field(moment, { default: null }) last_heartbeat!: Moment;
}
