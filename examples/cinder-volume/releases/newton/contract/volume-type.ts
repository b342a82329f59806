import { Backport, Field, Lossy, VersionedObject, t } from 'lynchpin';
import type { Default, Wire } from 'lynchpin';
import { flag, record, strings, text, type AnyRecord, type Flag, type Text } from './types.js';

/** What a volume of this type is made of. */
@VersionedObject({ name: 'VolumeType', version: '1.2' })
@Lossy({ from: '1.1', to: '1.0', fields: ['extra_specs'], reason: 'a key without a value becomes a key with an empty one' })
export class VolumeType {
  @Field(t.uuid()) id!: string;
  @Field(text, { default: null }) name!: Text;
  @Field(text, { default: null }) description!: Text;
  @Field(flag, { default: true }) is_public!: Flag;
  @Field(t.nullable(t.list(t.string())), { default: null }) projects!: Default<string[] | null>;
  /** Since 1.1 a key may stand without a value. */
  @Field(t.nullable(t.map(text)), { default: null, was: { until: '1.1', type: strings } })
  extra_specs!: Default<Record<string, string | null> | null>;
  @Field(record, { since: '1.2', default: null }) qos_specs!: AnyRecord;

  /** Readers at 1.0 take every value for text, and a missing key means something else than an empty one. */
  @Backport({ from: '1.1', to: '1.0' })
  static nullToEmpty(type: Wire<VolumeType>) {
    if (type.extra_specs === null) return type;
    const extra_specs = Object.fromEntries(Object.entries(type.extra_specs).map(([key, value]) => [key, value ?? '']));
    return { ...type, extra_specs };
  }
}
