import type { Passage } from '../harness/check/index.js';

interface Order {
  readonly customer: string;
  readonly quantity: number;
  readonly address?: string | null;
  readonly addresses?: readonly string[];
  readonly remark?: string;
}

/**
 * What a handler of one release must get of what a client of another one wrote, at the version of the wire. Stated by
 * hand from the histories of the three contracts, and from nothing that the library computes.
 */
export function expectedArguments({ method, body, version, receiver }: Passage): unknown {
  const minor = Number(version.split('.')[1]);
  const {
    reference,
    busy = 0,
    order,
    priority = 'normal',
    gift = false,
    carrier = 'post',
    depth,
  } = body as {
    reference: string;
    busy?: number;
    order: Order;
    priority?: string;
    gift?: boolean;
    carrier?: string;
    depth: number;
  };
  switch (method) {
    case 'place': {
      const wanted = { reference, order: expectedOrder(order, minor, receiver.version), busy, priority: minor >= 1 ? priority : 'normal' };
      return receiver.version === '1.2' ? wanted : { ...wanted, gift: minor >= 4 && gift };
    }
    case 'refresh':
      return { reference, depth };
    default:
      return { reference, busy, carrier: minor >= 2 ? carrier : 'post' };
  }
}

/** Below 1.3 an order has one address; only from 1.1 on it says how many, and from 1.5 on it has a remark. */
function expectedOrder(order: Order, minor: number, reader: string): unknown {
  const written = order.addresses ?? (order.address ? [order.address] : []);
  const addresses = minor < 3 ? written.slice(0, 1) : written;
  const { customer } = order;
  const quantity = minor >= 1 ? order.quantity : 1;
  switch (reader) {
    case '1.2':
      return { customer, address: addresses[0] ?? null, quantity };
    case '1.4':
      return { customer, quantity, addresses };
    default:
      return { customer, quantity, addresses, remark: minor >= 5 ? (order.remark ?? '') : '' };
  }
}
