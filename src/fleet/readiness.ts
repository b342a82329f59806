import type { IncomingMessage, ServerResponse } from 'node:http';

/** What tells whether it is ready: a bus. */
export interface Readiness {
  /** Whether it may be sent work. */
  readonly ready: boolean;
  /** The state of its connection to the broker. */
  readonly state: string;
  /** What it serves. */
  readonly servers: readonly {
    readonly name: string;
    readonly state: string;
    readonly load: { readonly running: number; readonly waiting: number };
  }[];
}

/**
 * A request listener for a readiness probe: 200 while the bus is connected and every server is on the roll, 503 from the
 * moment that one of them begins to drain, with the facts as JSON in either case.
 *
 * @example
 * http.createServer(readiness(bus)).listen(8080).unref(); // unref: it shall not keep the process from ending
 */
export function readiness(bus: Readiness): (request: IncomingMessage, response: ServerResponse) => void {
  return (_request, response) => {
    const { ready, state } = bus;
    const servers = bus.servers.map(({ name, state, load }) => ({ name, state, ...load }));
    response.writeHead(ready ? 200 : 503, { 'content-type': 'application/json', 'cache-control': 'no-store', connection: 'close' });
    response.end(JSON.stringify({ ready, broker: state, servers }));
  };
}
