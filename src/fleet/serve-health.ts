import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { health, type Health } from './health.js';

/** What {@link serveHealth} tells of, and goes with: a bus. */
export interface HealthSubject extends Health {
  /** Resolves once it has been closed. */
  readonly closed: Promise<void>;
}

/** Options of {@link serveHealth}. */
export interface HealthOptions {
  /** Where it listens; 0 for any free port. */
  readonly port: number;
  /** The address that it listens on. Default: every one of this machine, because probes come from outside. */
  readonly host?: string;
}

/** A server of {@link health}'s pages. */
export interface HealthServer {
  /** Where it listens. */
  readonly port: number;
  /** Stops listening. To be called only where the bus outlives it: it closes with the bus. */
  close(): void;
}

/**
 * Serves {@link health}'s pages on a port of their own. It does not keep the process alive, and closes with the bus.
 * Resolves once it listens.
 * @throws the error of Node where it cannot, for example `EADDRINUSE`.
 *
 * @example
 * const bus = await connect('amqp://localhost');
 * await serveHealth(bus, { port: 8080 });
 */
export async function serveHealth(bus: HealthSubject, { port, host }: HealthOptions): Promise<HealthServer> {
  const server = createServer(health(bus)).unref();
  // A connection would keep the process alive as well, for as long as whoever asked leaves it open.
  server.on('connection', (socket) => socket.unref());
  server.listen({ port, host });
  await once(server, 'listening');
  const close = (): void => {
    server.close();
    server.closeAllConnections();
  };
  void bus.closed.then(close);
  return { port: (server.address() as AddressInfo).port, close };
}
