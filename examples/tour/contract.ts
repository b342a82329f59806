import {
  Backport,
  Field,
  Message,
  Rpc,
  RpcApi,
  t,
  Upgrade,
  VersionedObject,
  type Default,
  type Method,
  type Older,
  type Wire,
} from 'lynchpin';

@VersionedObject({ version: '1.0' })
export class Attachment {
  @Field(t.string()) host!: string;
}

@VersionedObject({ version: '1.2' })
export class Volume {
  @Field(t.uuid()) id!: string;
  @Field(t.integer({ minimum: 1 })) sizeGb!: number;
  @Field(t.string(), { since: '1.1', default: 'standard' }) tier!: Default<string>;
  @Field(t.nullable(t.string()), { until: '1.2' }) host?: string | null;
  @Field(t.list(t.object(() => Attachment)), { since: '1.2', default: () => [] }) attachments!: Default<Attachment[]>;

  /** Readers at 1.1 know a single host. */
  @Backport({ from: '1.2', to: '1.1' })
  static firstHost(volume: Wire<Volume>) {
    return { ...volume, host: volume.attachments[0]?.host ?? null };
  }

  @Upgrade({ from: '1.1', to: '1.2' })
  static hostToAttachment(volume: Older<Volume>) {
    const { host = null } = volume;
    return { ...volume, attachments: host === null ? [] : [{ host }] };
  }
}

@Message()
export class CreateVolume {
  @Field(t.integer({ minimum: 1 })) sizeGb!: number;
  @Field(t.string(), { since: '3.2', default: 'standard' }) tier!: Default<string>;
}

@Message()
export class ExtendVolume {
  @Field(t.uuid()) id!: string;
  @Field(t.integer({ minimum: 1 })) sizeGb!: number;
}

@RpcApi({ topic: 'volume', version: '3.4', floor: '3.0', carries: { '3.2': { Volume: '1.1' }, '3.4': { Volume: '1.2' } } })
export class VolumeApi {
  /** Creates a volume and answers once it is available. */
  @Rpc({ takes: CreateVolume, returns: Volume }) create!: Method<CreateVolume, Volume>;
  /** Grows a volume. */
  @Rpc({ since: '3.3', takes: ExtendVolume, idempotent: true }) extend!: Method<ExtendVolume>;
}
