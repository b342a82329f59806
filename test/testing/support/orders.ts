/** The source of a contract with an object of two versions, a function each way, and a message. */
export const ORDERS = `
import { Backport, Field, Lossy, Message, Rpc, RpcApi, t, Upgrade, VersionedObject } from 'lynchpin';

@VersionedObject({ name: 'Order', version: '1.1' })
@Lossy({ from: '1.1', to: '1.0', fields: ['lines'], reason: 'readers at 1.0 know one line' })
export class Order {
  @Field(t.uuid()) id;
  @Field(t.integer({ minimum: 0 })) total;
  @Field(t.list(t.string({ maxLength: 20 })), { since: '1.1', default: () => [] }) lines;
  @Field(t.nullable(t.string({ maxLength: 20 })), { until: '1.1', default: null }) line;

  @Backport({ from: '1.1', to: '1.0' })
  static firstLine(order) {
    return { ...order, line: order.lines[0] ?? null };
  }

  @Upgrade({ from: '1.0', to: '1.1' })
  static oneLine(order) {
    return { ...order, lines: typeof order.line === 'string' ? [order.line] : [] };
  }
}

@Message({ name: 'PlaceOrder' })
export class PlaceOrder {
  @Field(t.integer({ minimum: 0 })) total;
}

@RpcApi({ topic: 'orders', version: '2.1', carries: { '2.1': { Order: '1.1' } } })
export class OrderApi {
  @Rpc({ takes: PlaceOrder, returns: Order }) place;
}
`;

/** The same source with one place changed. */
export function edited(source: string, before: string, after: string): string {
  const parts = source.split(before);
  if (parts.length !== 2) throw new Error(`${JSON.stringify(before)} stands there ${parts.length - 1} times`);
  return parts.join(after);
}

/** An edit of what was released, without a new version: no peer at 1.1 or 1.0 sends a total as text. */
export const WITHOUT_BUMP = edited(
  ORDERS,
  '@Field(t.integer({ minimum: 0 })) total;\n  @Field(t.list',
  '@Field(t.string()) total;\n  @Field(t.list',
);
