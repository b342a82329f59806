import { Field, Message, type Method, Rpc, RpcApi, t, type Default, VersionedObject } from 'lynchpin';

// The contract of release C as it was then: 1.3 to 1.5. What was before 1.3 is gone.

@VersionedObject({ version: '1.3', floor: '1.2' })
export class Order {
  @Field(t.string()) customer!: string;
  @Field(t.integer({ minimum: 1 }), { default: 1 }) quantity!: Default<number>;
  @Field(t.list(t.string()), { default: () => [] }) addresses!: Default<string[]>;
  @Field(t.string(), { since: '1.3', default: '' }) remark!: Default<string>;
}

@Message()
export class PlaceOrder {
  @Field(t.string()) reference!: string;
  @Field(t.object(() => Order)) order!: Order;
  @Field(t.integer({ minimum: 0 }), { default: 0 }) busy!: Default<number>;
  @Field(t.enum(['normal', 'urgent']), { default: 'normal' }) priority!: Default<'normal' | 'urgent'>;
  @Field(t.boolean(), { since: '1.4', default: false }) gift!: Default<boolean>;
}

@Message()
export class ShipOrder {
  @Field(t.string()) reference!: string;
  @Field(t.integer({ minimum: 0 }), { default: 0 }) busy!: Default<number>;
  @Field(t.string(), { default: 'post' }) carrier!: Default<string>;
}

@Message()
export class Refresh {
  @Field(t.string()) reference!: string;
  @Field(t.integer(), { default: 1 }) depth!: Default<number>;
}

@RpcApi({ topic: 'orders', version: '1.5', floor: '1.3', carries: { '1.3': { Order: '1.2' }, '1.5': { Order: '1.3' } } })
export class OrdersApi {
  /** Takes an order and answers it. */
  @Rpc({ takes: PlaceOrder, returns: Order }) place!: Method<PlaceOrder, Order>;
  /** Sends an order on its way, once. */
  @Rpc({ takes: ShipOrder }) ship!: Method<ShipOrder>;
  /** Looks an order over; may be done again. */
  @Rpc({ takes: ShipOrder, idempotent: true }) audit!: Method<ShipOrder>;
  /** Every server forgets what it knows. */
  @Rpc({ takes: Refresh }) refresh!: Method<Refresh>;
  /** Makes two orders of one. */
  @Rpc({ since: '1.4', early: true, takes: ShipOrder, returns: t.integer() }) split!: Method<ShipOrder, number>;
  /** Makes one order of two. */
  @Rpc({ since: '1.4', takes: ShipOrder, returns: t.integer() }) merge!: Method<ShipOrder, number>;
  /** Insures an order. Older servers do not know what that is. */
  @Rpc({ since: '1.4', takes: ShipOrder }) insure!: Method<ShipOrder>;
}
