import {
  Backport,
  Field,
  Message,
  type Method,
  type Older,
  Rpc,
  RpcApi,
  t,
  type Default,
  Upgrade,
  VersionedObject,
  type Wire,
} from 'lynchpin';

// The contract of release B as it was then: 1.0 to 1.4. An order may go to several addresses, and orders can be split.

@VersionedObject({ version: '1.2' })
export class Order {
  @Field(t.string()) customer!: string;
  @Field(t.nullable(t.string()), { until: '1.2' }) address?: string | null;
  @Field(t.integer({ minimum: 1 }), { since: '1.1', default: 1 }) quantity!: Default<number>;
  @Field(t.list(t.string()), { since: '1.2', default: () => [] }) addresses!: Default<string[]>;

  /** Readers at 1.1 know a single address. */
  @Backport({ from: '1.2', to: '1.1' })
  static firstAddress(order: Wire<Order>) {
    return { ...order, address: order.addresses[0] ?? null };
  }

  @Upgrade({ from: '1.1', to: '1.2' })
  static addressToList(order: Older<Order>) {
    return { ...order, addresses: order.address ? [order.address] : [] };
  }
}

@Message()
export class PlaceOrder {
  @Field(t.string()) reference!: string;
  @Field(t.object(() => Order)) order!: Order;
  @Field(t.integer({ minimum: 0 }), { default: 0 }) busy!: Default<number>;
  @Field(t.enum(['normal', 'urgent']), { since: '1.1', default: 'normal' }) priority!: Default<'normal' | 'urgent'>;
  @Field(t.boolean(), { since: '1.4', default: false }) gift!: Default<boolean>;
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

@RpcApi({ topic: 'orders', version: '1.4', floor: '1.0', carries: { '1.1': { Order: '1.1' }, '1.3': { Order: '1.2' } } })
export class OrdersApi {
  /** Takes an order and answers it. */
  @Rpc({ takes: PlaceOrder, returns: Order }) place!: Method<PlaceOrder, Order>;
  /** Sends an order on its way, once. */
  @Rpc({ takes: ShipOrder }) ship!: Method<ShipOrder>;
  /** Looks an order over; may be done again. */
  @Rpc({ takes: ShipOrder, idempotent: true }) audit!: Method<ShipOrder>;
  /** Every server forgets what it knows. */
  @Rpc({ takes: Refresh }) refresh!: Method<Refresh>;
  /** Makes two orders of one. Nothing that it writes could confuse an older server. */
  @Rpc({ since: '1.4', early: true, takes: ShipOrder, returns: t.integer() }) split!: Method<ShipOrder, number>;
  /** Makes one order of two. Older servers could not read what it writes. */
  @Rpc({ since: '1.4', takes: ShipOrder, returns: t.integer() }) merge!: Method<ShipOrder, number>;
  /** Insures an order. Older servers do not know what that is. */
  @Rpc({ since: '1.4', takes: ShipOrder }) insure!: Method<ShipOrder>;
}
