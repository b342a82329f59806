import { runClient } from '../sending.js';
import { OrdersApi } from './contract.js';

await runClient((bus, options) => bus.client(OrdersApi, options), { customer: 'Ada', address: 'Mill Lane 1', quantity: 3 });
