import { Backport, Field, Message, Rpc, RpcApi, Upgrade, VersionedObject, t } from 'lynchpin';
import type { Default, Method, Older, Wire } from 'lynchpin';

/** Where an order goes to. */
@VersionedObject({ version: '1.0' })
export class Address {
  @Field(t.list(t.string({ pattern: '^[^\\n]*$' }), { minItems: 1 })) lines!: string[];
}

/** What somebody bought. */
@VersionedObject({ version: '1.2' })
export class Order {
  @Field(t.uuid()) id!: string;
  @Field(t.integer({ minimum: 0 })) cents!: number;
  @Field(t.enum(['open', 'paid', 'refunded'], { added: { '1.1': { refunded: 'paid' } } })) status!: 'open' | 'paid' | 'refunded';
  @Field(t.string({ maxLength: 200 }), { since: '1.1', default: '' }) note!: Default<string>;
  @Field(t.string(), { until: '1.2' }) address?: string;
  @Field(
    t.object(() => Address),
    { since: '1.2' },
  )
  shipTo!: Address;

  /** Readers at 1.1 know an address as text. */
  @Backport({ from: '1.2', to: '1.1' })
  static linesToText(order: Wire<Order>) {
    return { ...order, address: order.shipTo.lines.join('\n') };
  }

  @Upgrade({ from: '1.1', to: '1.2' })
  static textToLines(order: Older<Order>) {
    return { ...order, shipTo: { lines: (order.address ?? '').split('\n') } };
  }
}

/** What is bought, and where it goes to. */
@Message()
export class PlaceOrder {
  @Field(t.integer({ minimum: 0 })) cents!: number;
  @Field(t.list(t.string({ pattern: '^[^\\n]*$' }), { minItems: 1 })) lines!: string[];
  @Field(t.string({ maxLength: 200 }), { since: '1.1', default: '' }) note!: Default<string>;
}

/** For the methods that take an order's id and nothing else. */
@Message()
export class OneOrder {
  @Field(t.uuid()) id!: string;
}

@RpcApi({ topic: 'orders', version: '1.2', carries: { '1.1': { Order: '1.1' }, '1.2': { Order: '1.2' } } })
export class OrdersApi {
  /** Places an order and answers it. */
  @Rpc({ takes: PlaceOrder, returns: Order }) place!: Method<PlaceOrder, Order>;
  /** The order of an id. */
  @Rpc({ takes: OneOrder, returns: Order, idempotent: true }) get!: Method<OneOrder, Order>;
  /** Gives the money back. */
  @Rpc({ since: '1.1', takes: OneOrder, idempotent: true }) refund!: Method<OneOrder>;
}
