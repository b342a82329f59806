import { runClient } from '../sending.js';
import { OrdersApi } from './contract.js';

await runClient((bus, options) => bus.client(OrdersApi, options), {
  customer: 'Cleo',
  addresses: ['Mill Lane 1', 'High Street 2'],
  quantity: 3,
  remark: 'ring twice',
});
