import { Field, Message, Rpc, RpcApi, t, VersionedObject, type Default, type Method } from 'lynchpin';

/** The stock of a shop in the next release: some of it may be reserved. */

@VersionedObject({ version: '1.1' })
export class Stock {
  @Field(t.string()) item!: string;
  @Field(t.integer({ minimum: 0 })) count!: number;
  @Field(t.integer({ minimum: 0 }), { since: '1.1', default: 0 }) reserved!: Default<number>;
}

@Message()
export class FindStock {
  @Field(t.string()) item!: string;
}

@RpcApi({ topic: 'stock', version: '1.1', floor: '1.0', carries: { '1.1': { Stock: '1.1' } } })
export class StockApi {
  /** How much there is of an item. */
  @Rpc({ takes: FindStock, returns: Stock, idempotent: true }) find!: Method<FindStock, Stock>;
}
