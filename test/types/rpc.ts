// Compiled in both decorator dialects by both compilers: what must be accepted is, and each line marked @ts-expect-error is not.
import { expectTypeOf } from 'expect-type';
import {
  defineApi,
  Field,
  Message,
  Rpc,
  RpcApi,
  ServiceError,
  t,
  VersionedObject,
  type Answer,
  type Bus,
  type CallContext,
  type CallOptions,
  type CastOptions,
  type Default,
  type Implements,
  type Interceptor,
  type Method,
  type Pin,
  type RpcClient,
  type ServerCall,
} from 'lynchpin';

@VersionedObject({ version: '1.1' })
export class Volume {
  @Field(t.uuid()) id!: string;
  @Field(t.datetime()) createdAt!: Date;
  @Field(t.string(), { since: '1.1', default: 'standard' }) tier!: Default<string>;
  @Field(t.string(), { optional: true }) label?: string;

  describe(): string {
    return `${this.id} ${this.tier}`;
  }
}

@Message()
export class CreateVolume {
  @Field(t.integer({ minimum: 1 })) sizeGb!: number;
  @Field(t.string(), { since: '3.2', default: 'standard' }) tier!: Default<string>;
  @Field(t.nullable(t.string()), { optional: true }) label?: string | null;
}

@Message()
export class ListVolumes {
  @Field(t.integer(), { default: 100 }) limit!: Default<number>;
  @Field(t.string(), { optional: true }) after?: string;
}

export class VolumeBusy extends ServiceError<{ id: string }> {}
export class VolumeGone extends ServiceError {}

@RpcApi({ topic: 'volume', version: '3.2', carries: { '3.2': { Volume: '1.1' } }, errors: [VolumeBusy, VolumeGone] })
export class VolumeApi {
  @Rpc({ takes: CreateVolume, returns: Volume }) create!: Method<CreateVolume, Volume>;
  @Rpc({ takes: ListVolumes, returns: t.list(t.object(() => Volume)) }) list!: Method<ListVolumes, Volume[]>;
  @Rpc({ since: '3.1', takes: CreateVolume, idempotent: true }) warm!: Method<CreateVolume>;
  @Rpc({ returns: t.nullable(t.string()) }) leader!: Method<void, string | null>;
  @Rpc() refresh!: Method;
  notAMethod = 1;
  alsoNone(volume: Volume): string {
    return volume.describe();
  }
}

/** Methods that are real ones. */
@RpcApi({ topic: 'echo', version: '3.2' })
export class Echo {
  @Rpc({ takes: CreateVolume, returns: t.string() })
  async repeat(request: CreateVolume): Promise<string> {
    return request.tier;
  }
  @Rpc() async forget(): Promise<void> {}
  // @ts-expect-error the answer is of another type
  @Rpc({ takes: CreateVolume, returns: t.string() })
  async wrongAnswer(request: CreateVolume): Promise<number> {
    return request.sizeGb;
  }
  // @ts-expect-error a method answers a promise
  @Rpc({ returns: t.string() })
  now(): string {
    return '';
  }
}

// What a method is.
expectTypeOf<Method>().toEqualTypeOf<() => Promise<void>>();
expectTypeOf<Method<CreateVolume>>().toEqualTypeOf<(request: CreateVolume) => Promise<void>>();
expectTypeOf<Method<CreateVolume, Volume>>().toEqualTypeOf<(request: CreateVolume) => Promise<Volume>>();
expectTypeOf<Method<void, string>>().toEqualTypeOf<() => Promise<string>>();

// What a method may not be.
export class Wrong {
  // @ts-expect-error it takes another class
  @Rpc({ takes: ListVolumes }) a!: Method<CreateVolume>;
  // @ts-expect-error it takes something, and the type says nothing
  @Rpc({ takes: CreateVolume }) b!: Method;
  // @ts-expect-error it takes nothing, and the type says something
  @Rpc() c!: Method<CreateVolume>;
  // @ts-expect-error it answers another type
  @Rpc({ returns: t.integer() }) d!: Method<void, string>;
  // @ts-expect-error it answers something, and the type says nothing
  @Rpc({ returns: Volume }) e!: Method;
  // @ts-expect-error it answers nothing, and the type says something
  @Rpc({ takes: CreateVolume }) f!: Method<CreateVolume, Volume>;
  // @ts-expect-error null is not declared
  @Rpc({ returns: t.nullable(t.string()) }) g!: Method<void, string>;
  // @ts-expect-error no method at all
  @Rpc({ returns: t.string() }) h!: string;
  // @ts-expect-error a misspelt option
  @Rpc({ sinse: '3.1' }) i!: Method;
  // @ts-expect-error not a version
  @Rpc({ since: '3' }) j!: Method;
  // @ts-expect-error a field type is no message
  @Rpc({ takes: t.string() }) k!: Method;
  // @ts-expect-error a rename says its name
  @Rpc({ was: { until: '3.1' } }) l!: Method;
  // @ts-expect-error a private method cannot be called
  @Rpc() private m!: Method;
  @Rpc({ was: [{ until: '3.1', name: 'old' }], timeout: 1_000, early: true }) n!: Method;
}

// @ts-expect-error the topic is missing
RpcApi({ version: '3.2' });
// @ts-expect-error a misspelt option
RpcApi({ topic: 'volume', version: '3.2', flor: '3.0' });
// @ts-expect-error errors are classes of ServiceError
RpcApi({ topic: 'volume', version: '3.2', errors: [Error] });

// The same without decorators.
export class Plain {
  create!: Method<CreateVolume, Volume>;
  refresh!: Method;
}
const api = { topic: 'volume', version: '3.2' } as const;
expectTypeOf(defineApi(Plain, { ...api, methods: { create: { takes: CreateVolume, returns: Volume }, refresh: {} } })).toEqualTypeOf<
  typeof Plain
>();
// @ts-expect-error a method is missing
defineApi(Plain, { ...api, methods: { refresh: {} } });
defineApi(Plain, {
  ...api,
  // @ts-expect-error it takes another class
  methods: { create: { takes: ListVolumes, returns: Volume }, refresh: {} },
});
defineApi(Plain, {
  ...api,
  // @ts-expect-error the class has no such method
  methods: { create: { takes: CreateVolume, returns: Volume }, refresh: {}, other: {} },
});

// What a caller writes and gets.
export async function calls(volumes: RpcClient<VolumeApi>, request: CreateVolume): Promise<void> {
  expectTypeOf(volumes.call).toHaveProperty('create');
  expectTypeOf<keyof typeof volumes.call>().toEqualTypeOf<'create' | 'list' | 'warm' | 'leader' | 'refresh'>();
  expectTypeOf(await volumes.call.create({ sizeGb: 1 })).toEqualTypeOf<Volume>();
  expectTypeOf(await volumes.call.list()).toEqualTypeOf<Volume[]>();
  expectTypeOf(await volumes.call.leader()).toEqualTypeOf<string | null>();
  expectTypeOf(await volumes.call.refresh()).toEqualTypeOf<void>();
  expectTypeOf((await volumes.call.create(request)).describe()).toEqualTypeOf<string>();
  const tier: string = (await volumes.call.create({ sizeGb: 1 })).tier;

  await volumes.call.create({ sizeGb: 1, tier, label: null });
  await volumes.call.create(request, { timeout: 1_000, silence: 15_000, whenAbsent: 'fail' });
  await volumes.call.list({}, { timeout: 1_000 });
  await volumes.call.list(undefined, { timeout: 1_000 });
  await volumes.call.leader(undefined, { timeout: 1_000 });
  // @ts-expect-error a required field is missing
  await volumes.call.create({ tier: 'gold' });
  // @ts-expect-error a required request is missing
  await volumes.call.create();
  // @ts-expect-error a field of another type
  await volumes.call.create({ sizeGb: '1' });
  // @ts-expect-error a field that the message does not have
  await volumes.call.create({ sizeGb: 1, colour: 'red' });
  // @ts-expect-error null is not declared
  await volumes.call.create({ sizeGb: 1, tier: null });
  // @ts-expect-error it takes nothing
  await volumes.call.leader({});
  // @ts-expect-error what may be left out may not be undefined
  await volumes.call.create({ sizeGb: 1, tier: undefined });
  // @ts-expect-error the same for what is optional
  await volumes.call.create({ sizeGb: 1, label: undefined });
  // @ts-expect-error not a method of the contract
  await volumes.call.alsoNone({});
  // @ts-expect-error an option of casts
  await volumes.call.leader(undefined, { expires: 1_000 });
  // @ts-expect-error one of two words
  await volumes.call.leader(undefined, { whenAbsent: 'retry' });
}

// What does not answer may be cast and fanned out; what answers may not.
export async function casts(volumes: RpcClient<VolumeApi>): Promise<void> {
  expectTypeOf<keyof typeof volumes.cast>().toEqualTypeOf<'warm' | 'refresh'>();
  expectTypeOf<keyof typeof volumes.fanout>().toEqualTypeOf<'warm' | 'refresh'>();
  expectTypeOf(await volumes.cast.warm({ sizeGb: 1 })).toEqualTypeOf<void>();
  await volumes.cast.warm({ sizeGb: 1 }, { expires: 1_000 });
  await volumes.fanout.refresh(undefined, { timeout: 1_000 });
  // @ts-expect-error it answers
  await volumes.cast.create({ sizeGb: 1 });
  // @ts-expect-error it answers
  await volumes.fanout.leader();
  // @ts-expect-error a required field is missing
  await volumes.cast.warm({});
  // @ts-expect-error an option of calls
  await volumes.cast.refresh(undefined, { whenAbsent: 'fail' });
}

export async function directed(volumes: RpcClient<VolumeApi>): Promise<void> {
  const one = volumes.at('volume-1');
  expectTypeOf(one.call).toEqualTypeOf<typeof volumes.call>();
  expectTypeOf(one.cast).toEqualTypeOf<typeof volumes.cast>();
  expectTypeOf(await one.call.create({ sizeGb: 1 })).toEqualTypeOf<Volume>();
  // @ts-expect-error one server is not all of them
  await one.fanout.refresh();
  // @ts-expect-error it answers
  await one.cast.leader();
  expectTypeOf(volumes.pin).toEqualTypeOf<Pin>();
  volumes.canSend('3.1');
  // @ts-expect-error not a version
  volumes.canSend('3');
}

// What a service must have.
export class Service implements Implements<VolumeApi> {
  create({ sizeGb, tier, label }: CreateVolume, context: CallContext) {
    expectTypeOf(sizeGb).toEqualTypeOf<number>();
    expectTypeOf(label).toEqualTypeOf<string | null | undefined>();
    const plain: string = tier;
    return { id: plain, createdAt: new Date(context.deadline) };
  }
  async list({ limit }: ListVolumes) {
    const count: number = limit;
    return count > 0 ? [{ id: '', createdAt: new Date() }] : [new Volume()];
  }
  warm() {}
  async leader(context: CallContext) {
    return context.caller === '' ? null : context.caller;
  }
  refresh() {}
}
expectTypeOf<Parameters<Implements<VolumeApi>['create']>>().toEqualTypeOf<[request: CreateVolume, context: CallContext]>();
expectTypeOf<Parameters<Implements<VolumeApi>['leader']>>().toEqualTypeOf<[context: CallContext]>();
expectTypeOf<Answer<Volume>['tier']>().toEqualTypeOf<string | undefined>();
expectTypeOf<Answer<void>>().toEqualTypeOf<void>();

// @ts-expect-error a method is missing
export class Incomplete implements Implements<Plain> {
  refresh() {}
}
export class WrongService implements Implements<Plain> {
  // @ts-expect-error the answer lacks a required field
  create(request: CreateVolume) {
    return { id: request.tier };
  }
  refresh() {}
}
export class WrongRequest implements Implements<Plain> {
  // @ts-expect-error the request is another message
  create(_request: Volume) {
    return new Volume();
  }
  refresh() {}
}

export async function bus(bus: Bus): Promise<void> {
  expectTypeOf(await bus.client(VolumeApi)).toEqualTypeOf<RpcClient<VolumeApi>>();
  await bus.serve(VolumeApi, new Service(), { server: 'volume-1', concurrency: 10 });
  await bus.serve(Echo, new Echo());
  // @ts-expect-error the service of another contract
  await bus.serve(VolumeApi, new Echo());
  // @ts-expect-error a service without some of the methods
  await bus.serve(VolumeApi, { refresh() {} });
  // @ts-expect-error an answer of another type
  await bus.serve(Plain, { create: () => 'x', refresh() {} });
  // @ts-expect-error a misspelt option
  await bus.serve(VolumeApi, new Service(), { concurency: 10 });
  // @ts-expect-error a misspelt option
  await bus.client(VolumeApi, { setle: 10 });
}

// Errors and interceptors.
expectTypeOf(new VolumeBusy('busy', { id: 'a' }).data).toEqualTypeOf<{ id: string }>();
expectTypeOf(new VolumeGone('gone').data).toEqualTypeOf<unknown>();
// @ts-expect-error its data is missing
export const withoutData = new VolumeBusy('busy');
// @ts-expect-error data of another type
export const withOther = new VolumeBusy('busy', { id: 1 });
export const interceptor: Interceptor<ServerCall> = (next) => (call) => {
  expectTypeOf(call.context).toEqualTypeOf<CallContext>();
  expectTypeOf(call.request).toEqualTypeOf<unknown>();
  return next(call);
};
expectTypeOf<CallOptions['whenAbsent']>().toEqualTypeOf<'wait' | 'fail' | undefined>();
expectTypeOf<CastOptions>().toHaveProperty('expires');
