import { runClient } from '../sending.js';
import { OrdersApi } from './contract.js';

await runClient((bus, options) => bus.client(OrdersApi, options), {
  customer: 'Ben',
  addresses: ['Mill Lane 1', 'High Street 2'],
  quantity: 3,
});
