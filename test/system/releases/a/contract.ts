import { Field, Message, type Method, Rpc, RpcApi, t, type Default, VersionedObject } from 'lynchpin';

// The contract of release A as it was then: 1.0 to 1.2.

@VersionedObject({ version: '1.1' })
export class Order {
  @Field(t.string()) customer!: string;
  @Field(t.nullable(t.string())) address!: string | null;
  @Field(t.integer({ minimum: 1 }), { since: '1.1', default: 1 }) quantity!: Default<number>;
}

/** A message that can be followed by its reference, and whose handler takes its time. */
@Message()
export class PlaceOrder {
  @Field(t.string()) reference!: string;
  @Field(t.object(() => Order)) order!: Order;
  @Field(t.integer({ minimum: 0 }), { default: 0 }) busy!: Default<number>;
  @Field(t.enum(['normal', 'urgent']), { since: '1.1', default: 'normal' }) priority!: Default<'normal' | 'urgent'>;
}

@Message()
export class ShipOrder {
  @Field(t.string()) reference!: string;
  @Field(t.integer({ minimum: 0 }), { default: 0 }) busy!: Default<number>;
  @Field(t.string(), { since: '1.2', default: 'post' }) carrier!: Default<string>;
}

@Message()
export class Refresh {
  @Field(t.string()) reference!: string;
  @Field(t.integer(), { default: 1 }) depth!: Default<number>;
}

@RpcApi({ topic: 'orders', version: '1.2', floor: '1.0', carries: { '1.1': { Order: '1.1' } } })
export class OrdersApi {
  /** Takes an order and answers it. */
  @Rpc({ takes: PlaceOrder, returns: Order }) place!: Method<PlaceOrder, Order>;
  /** Sends an order on its way, once. */
  @Rpc({ takes: ShipOrder }) ship!: Method<ShipOrder>;
  /** Looks an order over; may be done again. */
  @Rpc({ takes: ShipOrder, idempotent: true }) audit!: Method<ShipOrder>;
  /** Every server forgets what it knows. */
  @Rpc({ takes: Refresh }) refresh!: Method<Refresh>;
}
