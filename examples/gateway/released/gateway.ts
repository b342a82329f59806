import { serveUsers } from '../http.js';
import { inService } from '../process.js';
import { StockApi } from './contract.js';

// A program: a gateway of the release that is running today. It knows one version, so that is what it shows.
await inService(async (bus, { port }) => {
  const stock = await bus.client(StockApi);
  await serveUsers(bus, port, {
    shown: async () => '1.0',
    find: (item) => stock.call.find({ item }),
  });
});
