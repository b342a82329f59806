import { Rpc, RpcApi, t, type Method } from 'lynchpin';
import { Animal, CARRIES, Feed } from '../../objects/zoo.js';

/** An API of the classes that have every type of field and every kind of change. */
@RpcApi({ topic: 'zoo', version: '3.4', floor: '3.0', carries: CARRIES })
class ZooApi {
  /** Feeds animals. */
  @Rpc({ takes: Feed, returns: t.list(t.object(() => Animal)) }) feed!: Method<Feed, Animal[]>;
}

/** As a module would export it. */
export const zooApi = { ZooApi };
