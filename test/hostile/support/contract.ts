import { Field, Message, Rpc, RpcApi, ServiceError, t, VersionedObject, type Default, type Json, type Method } from 'lynchpin';

/** A contract with a field of every kind, so that there is something to get wrong about each. */

export class Refused extends ServiceError<{ why: string }> {}

@VersionedObject({ version: '1.1' })
export class Tree {
  @Field(t.string()) name!: string;
  @Field(t.list(t.object(() => Tree)), { default: () => [] }) branches!: Default<Tree[]>;
  @Field(t.integer(), { since: '1.1', default: 0 }) weight!: Default<number>;
}

@Message()
export class Everything {
  @Field(t.string({ maxLength: 100 })) text!: string;
  @Field(t.integer({ minimum: 0 }), { optional: true }) count?: number;
  @Field(t.bigint(), { optional: true }) big?: bigint;
  @Field(t.datetime(), { optional: true }) at?: Date;
  @Field(t.uuid(), { optional: true }) id?: string;
  @Field(t.bytes({ maxLength: 100 }), { optional: true }) bytes?: Uint8Array;
  @Field(t.enum(['red', 'green']), { optional: true }) colour?: 'red' | 'green';
  @Field(t.map(t.integer()), { optional: true }) counts?: Record<string, number>;
  @Field(t.json(), { optional: true }) json?: Json;
  @Field(
    t.object(() => Tree),
    { optional: true },
  )
  tree?: Tree;
}

@RpcApi({ topic: 'hostile', version: '2.2', floor: '2.0', carries: { '2.1': { Tree: '1.1' } }, errors: [Refused] })
export class HostileApi {
  @Rpc({ takes: Everything, returns: t.string() }) ask!: Method<Everything, string>;
  @Rpc({ takes: Everything }) tell!: Method<Everything>;
  @Rpc({ takes: Everything, returns: Tree }) grow!: Method<Everything, Tree>;
  @Rpc({ takes: Everything }) refuse!: Method<Everything>;
}
