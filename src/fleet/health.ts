import type { IncomingMessage, ServerResponse } from 'node:http';
import type { BrokerState } from '../broker/index.js';
import type { Pin, ServerState } from '../rpc/index.js';
import type { Version } from '../versions/index.js';
import { metricsOf, METRICS_TYPE } from './metrics.js';

/** What tells how it is: a bus. */
export interface Health {
  /** Whether it may be sent work. */
  readonly ready: boolean;
  /** The state of its connection to the broker. */
  readonly state: BrokerState;
  /** What it serves. */
  readonly servers: readonly ServerHealth[];
  /** What it calls. */
  readonly clients: readonly ClientHealth[];
}

/** How one server is. */
export interface ServerHealth {
  /** What it serves. */
  readonly topic: string;
  /** What callers address it by. */
  readonly name: string;
  /** Where it is between joining and having left. */
  readonly state: ServerState;
  /** How many handlers run, and how many requests wait for their turn. */
  readonly load: { readonly running: number; readonly waiting: number };
}

/** How one client is. */
export interface ClientHealth {
  /** What it calls. */
  readonly topic: string;
  /** Its pin now. */
  readonly pin: Pick<Pin, 'version' | 'state' | 'heldBack' | 'final'>;
  /** How many messages stand on each lane that nobody reads, as far as the last check knows. */
  readonly stranded: ReadonlyMap<Version, number>;
}

/** What {@link health} answers with: a request listener that also fits where one is handed `next`. */
export type HealthListener = (request: IncomingMessage, response: ServerResponse, next?: () => void) => void;

interface Page {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

const JSON_TYPE = 'application/json';

const PAGES: Readonly<Record<string, (bus: Health) => Page>> = { '/livez': live, '/readyz': ready, '/metrics': metrics };

/**
 * A request listener with three pages, to GET or HEAD:
 *
 * - `/livez`: 503 once the bus is closed, and 200 otherwise. Nothing in this process opens a closed bus again, so only a new
 *   process helps. Whatever else is wrong mends itself: a lost connection is made anew, for ever, and a restart would lose
 *   what is in hand. A process that hangs does not answer at all.
 * - `/readyz`: 200 while the bus is connected and every server is on the roll, 503 from the moment that one begins to leave.
 *   The facts are JSON in either case.
 * - `/metrics`: pins, stranded messages, load and connection, in the text format of Prometheus.
 *
 * Everything else is 404, or left to `next` where the listener is given one, as frameworks in the manner of express do.
 *
 * @example
 * http.createServer(health(bus)).listen(8080); // or serveHealth(bus, { port: 8080 })
 * app.use('/health', health(bus)); // express: /health/livez, /health/readyz, /health/metrics
 */
export function health(bus: Health): HealthListener {
  return (request, response, next) => {
    const path = (request.url ?? '/').split('?', 1)[0] as string;
    const page = Object.hasOwn(PAGES, path) ? PAGES[path] : undefined;
    if (page === undefined) return next === undefined ? write(request, response, plain(404, 'not found')) : next();
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('allow', 'GET, HEAD');
      return write(request, response, plain(405, 'only GET and HEAD'));
    }
    write(request, response, page(bus));
  };
}

function live({ state }: Health): Page {
  const lives = state !== 'closed';
  return json(lives ? 200 : 503, { live: lives, broker: state });
}

function ready(bus: Health): Page {
  const servers = bus.servers.map(({ topic, name, state, load }) => ({ topic, name, state, ...load }));
  return json(bus.ready ? 200 : 503, { ready: bus.ready, broker: bus.state, servers });
}

function metrics(bus: Health): Page {
  return { status: 200, type: METRICS_TYPE, body: metricsOf(bus) };
}

function json(status: number, value: unknown): Page {
  return { status, type: JSON_TYPE, body: JSON.stringify(value) };
}

function plain(status: number, text: string): Page {
  return { status, type: 'text/plain; charset=utf-8', body: `${text}\n` };
}

function write(request: IncomingMessage, response: ServerResponse, { status, type, body }: Page): void {
  response.writeHead(status, {
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    // A probe that is kept open would tell of this process for longer than it is asked to.
    connection: 'close',
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}
