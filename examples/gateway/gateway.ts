import { StockApi } from './contract.js';
import { serveUsers } from './http.js';
import { inService } from './process.js';

// A program: a gateway of the next release.
await inService(async (bus, { port }) => {
  const stock = await bus.client(StockApi);
  await serveUsers(bus, port, {
    shown: async () => (await bus.fleet.finalVersion('stock')) ?? '1.0',
    async find(item, version) {
      const { reserved, ...known } = await stock.call.find({ item });
      return version === '1.0' ? known : { ...known, reserved };
    },
  });
});
