import { defineApi, defineMessage, defineObject, type Class, type Version } from 'lynchpin';

/** What a definition may say beside the name and the version, as it would be written. */
export type Said = Readonly<Record<string, unknown>>;

/** A versioned object called Order. */
export function orderClass(version: Version, fields: Said, more: Said = {}): Class<object> {
  class Order {}
  return defineObject(Order, { name: 'Order', version, fields, ...more } as never);
}

/** A message. */
export function messageClass(name: string, fields: Said, more: Said = {}): Class<object> {
  return defineMessage(class {}, { name, fields, ...more } as never);
}

/** A contract of the topic `orders`. */
export function ordersApi(version: Version, methods: Said, more: Said = {}): Class<object> {
  class OrdersApi {}
  return defineApi(OrdersApi, { topic: 'orders', version, methods, ...more } as never);
}
