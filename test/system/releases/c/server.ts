import type { CallContext, Implements } from 'lynchpin';
import { runServer, work } from '../serving.js';
import { OrdersApi, type PlaceOrder, type Refresh, type ShipOrder } from './contract.js';

class Orders implements Implements<OrdersApi> {
  place(request: PlaceOrder, context: CallContext) {
    return work(request, context, request.order);
  }

  ship(request: ShipOrder, context: CallContext) {
    return work(request, context, undefined);
  }

  audit(request: ShipOrder, context: CallContext) {
    return work(request, context, undefined);
  }

  refresh(request: Refresh, context: CallContext) {
    return work(request, context, undefined);
  }

  split(request: ShipOrder, context: CallContext) {
    return work(request, context, 2);
  }

  merge(request: ShipOrder, context: CallContext) {
    return work(request, context, 1);
  }

  insure(request: ShipOrder, context: CallContext) {
    return work(request, context, undefined);
  }
}

await runServer((bus, options) => bus.serve(OrdersApi, new Orders(), options));
