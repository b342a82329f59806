import { connect } from 'lynchpin';
import { OrdersApi } from '../order/contract.js';

/** A client that has negotiated its pin and waits. */
const [url = '', namespace = ''] = process.argv.slice(2);
const bus = await connect(url, { namespace, name: 'bench-idle' });
await bus.client(OrdersApi);
process.send?.('ready');
process.on('message', (question) => {
  if (question === 'memory') {
    globalThis.gc?.();
    process.send?.({ heap: process.memoryUsage().heapUsed, rss: process.memoryUsage().rss });
  }
  if (question === 'stop') void bus.close().then(() => process.disconnect());
});
