import { connect } from 'lynchpin';
import { OrdersApi, type PlaceOrder } from '../order/contract.js';

/** The other side of the measurement: answers the order that it was sent. */
const [url = '', namespace = ''] = process.argv.slice(2);
const bus = await connect(url, { namespace, name: 'bench-server' });
await bus.serve(OrdersApi, { place: ({ order }: PlaceOrder) => Promise.resolve(order) }, { server: 'bench-1', concurrency: 100 });
process.send?.('ready');
process.on('message', (question) => {
  if (question === 'memory') {
    globalThis.gc?.();
    process.send?.({ heap: process.memoryUsage().heapUsed, rss: process.memoryUsage().rss });
  }
  if (question === 'stop') void bus.close().then(() => process.disconnect());
});
