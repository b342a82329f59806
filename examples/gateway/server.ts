import { serveHealth, type Implements } from 'lynchpin';
import { StockApi, type FindStock } from './contract.js';
import { inService } from './process.js';

class StockService implements Implements<StockApi> {
  async find({ item }: FindStock) {
    return { item, count: item.length, reserved: 1 };
  }
}

// A program: a server of the next release.
await inService(async (bus, { name, port }) => {
  await serveHealth(bus, { port });
  await bus.serve(StockApi, new StockService(), { server: name });
});
