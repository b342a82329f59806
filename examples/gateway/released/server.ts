import { serveHealth, type Implements } from 'lynchpin';
import { inService } from '../process.js';
import { StockApi, type FindStock } from './contract.js';

class StockService implements Implements<StockApi> {
  async find({ item }: FindStock) {
    return { item, count: item.length };
  }
}

// A program: a server of the release that is running today.
await inService(async (bus, { name, port }) => {
  await serveHealth(bus, { port });
  await bus.serve(StockApi, new StockService(), { server: name });
});
