/** A small contract in JavaScript, as a compiler without decorators would leave it. */
export const CONTRACTS = `import { defineApi, defineMessage, defineObject, t } from 'lynchpin';

export class Order {}
defineObject(Order, {
  version: '1.1',
  fields: {
    id: t.uuid(),
    total: [t.integer({ minimum: 0 }), { since: '1.1', default: 0 }],
  },
});

export class Place {}
defineMessage(Place, { fields: { total: t.integer({ minimum: 0 }) } });

export class OrdersApi {}
defineApi(OrdersApi, {
  topic: 'orders',
  version: '2.1',
  carries: { '2.1': { Order: '1.1' } },
  methods: { place: { takes: Place, returns: Order } },
});
`;
