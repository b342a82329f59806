import { Field, Message, Rpc, RpcApi, t, VersionedObject, type Method } from 'lynchpin';

/** The stock of a shop, as the release that is running today knows it. */

@VersionedObject({ version: '1.0' })
export class Stock {
  @Field(t.string()) item!: string;
  @Field(t.integer({ minimum: 0 })) count!: number;
}

@Message()
export class FindStock {
  @Field(t.string()) item!: string;
}

@RpcApi({ topic: 'stock', version: '1.0' })
export class StockApi {
  /** How much there is of an item. */
  @Rpc({ takes: FindStock, returns: Stock, idempotent: true }) find!: Method<FindStock, Stock>;
}
