import { Field, Message, Rpc, RpcApi, t, VersionedObject, type Default, type Method } from 'lynchpin';

/** The contract of the tour as the release before had it on disk: API 3.2, Volume 1.1. */

@VersionedObject({ version: '1.1' })
export class Volume {
  @Field(t.uuid()) id!: string;
  @Field(t.integer({ minimum: 1 })) sizeGb!: number;
  @Field(t.string(), { since: '1.1', default: 'standard' }) tier!: Default<string>;
  @Field(t.nullable(t.string())) host!: string | null;
}

@Message()
export class CreateVolume {
  @Field(t.integer({ minimum: 1 })) sizeGb!: number;
  @Field(t.string(), { since: '3.2', default: 'standard' }) tier!: Default<string>;
}

@RpcApi({ topic: 'volume', version: '3.2', floor: '3.0', carries: { '3.2': { Volume: '1.1' } } })
export class VolumeApi {
  @Rpc({ takes: CreateVolume, returns: Volume }) create!: Method<CreateVolume, Volume>;
}
