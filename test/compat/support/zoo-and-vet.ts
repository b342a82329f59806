import { Message, Field, Rpc, RpcApi, ServiceError, t, VersionedObject, type Default, type Method } from 'lynchpin';
import { Animal, CARRIES, Feed, Sighting } from '../../objects/zoo.js';

/** Something that only an export shows: no method reaches it. */
@VersionedObject({ version: '2.0', floor: '1.1', previous: { 1: '1.2' } })
export class Ticket {
  @Field(t.integer({ minimum: 1 })) price!: number;
  @Field(
    t.object(() => Visitor),
    { since: '2.0', optional: true },
  )
  holder?: Visitor;
}

@VersionedObject({ version: '1.0' })
export class Visitor {
  @Field(t.string()) name!: string;
}

@Message()
export class Look {
  @Field(t.string(), { was: { until: '3.2', name: 'place' } }) where!: string;
  @Field(t.enum(['near', 'far', 'aloft'], { added: { '3.3': { aloft: 'far' } } }), { default: 'aloft' }) range!: Default<
    'near' | 'far' | 'aloft'
  >;
}

class Asleep extends ServiceError<{ until: string }> {}

@RpcApi({ topic: 'zoo', version: '3.4', carries: CARRIES, errors: [Asleep] })
export class ZooApi {
  @Rpc({ takes: Feed, idempotent: true }) feed!: Method<Feed>;
  @Rpc({ takes: Look, returns: t.list(t.object(() => Sighting)), since: '3.1', was: { until: '3.2', name: 'peek' } })
  look!: Method<Look, Sighting[]>;
  @Rpc({ returns: Animal, until: '3.3' }) oldest!: Method<void, Animal>;
}

@RpcApi({ topic: 'vet', version: '1.0', carries: { '1.0': { Sighting: '1.2', Animal: '1.3', Scales: '1.1' } } })
export class VetApi {
  @Rpc({ returns: Animal }) patient!: Method<void, Animal>;
}
