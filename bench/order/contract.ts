import { Field, Message, Rpc, RpcApi, t, VersionedObject, type Default, type Method } from 'lynchpin';

/** An order of about 2 KB: eleven objects, the kind of body that services exchange all day. */

@VersionedObject({ version: '1.1' })
export class Address {
  @Field(t.string()) street!: string;
  @Field(t.string()) city!: string;
  @Field(t.string({ maxLength: 10 })) postcode!: string;
  @Field(t.string(), { since: '1.1', default: 'DE' }) country!: Default<string>;
}

@VersionedObject({ version: '1.2' })
export class Line {
  @Field(t.uuid()) id!: string;
  @Field(t.string()) sku!: string;
  @Field(t.integer({ minimum: 1 })) quantity!: number;
  @Field(t.integer({ minimum: 0 })) cents!: number;
  @Field(t.map(t.string())) attributes!: Record<string, string>;
  @Field(t.nullable(t.string()), { since: '1.1', default: null }) note!: Default<string> | null;
  @Field(t.list(t.string()), { since: '1.2', default: () => [] }) tags!: Default<string[]>;
}

@VersionedObject({ version: '1.3' })
export class Order {
  @Field(t.uuid()) id!: string;
  @Field(t.enum(['open', 'paid', 'sent'])) status!: 'open' | 'paid' | 'sent';
  @Field(t.datetime()) placedAt!: Date;
  @Field(t.object(() => Address)) billing!: Address;
  @Field(t.object(() => Address)) shipping!: Address;
  @Field(t.list(t.object(() => Line))) lines!: Line[];
  @Field(t.string(), { since: '1.2', default: 'EUR' }) currency!: Default<string>;
  @Field(t.boolean(), { since: '1.3', default: false }) gift!: Default<boolean>;
}

@Message()
export class PlaceOrder {
  @Field(t.object(() => Order)) order!: Order;
}

@RpcApi({
  topic: 'orders',
  version: '2.4',
  floor: '2.0',
  carries: { '2.1': { Order: '1.1' }, '2.2': { Order: '1.2', Line: '1.1' }, '2.4': { Order: '1.3', Line: '1.2', Address: '1.1' } },
})
export class OrdersApi {
  /** Answers the order as it was placed. */
  @Rpc({ takes: PlaceOrder, returns: Order }) place!: Method<PlaceOrder, Order>;
}
