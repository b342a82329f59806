import { connect, createServer, type Server, type Socket } from 'node:net';

/** A TCP relay in front of a port, whose connections can be broken or made to stand still. */
export class Proxy {
  readonly port: number;
  readonly #server: Server;
  readonly #pairs = new Set<readonly [Socket, Socket]>();
  #open = true;

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.port = port;
  }

  static async start(target: { readonly host: string; readonly port: number }): Promise<Proxy> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen({ port: 0, host: '127.0.0.1' }, resolve));
    const address = server.address();
    const proxy = new Proxy(server, typeof address === 'object' && address !== null ? address.port : 0);
    server.on('connection', (inner) => proxy.#join(inner, target));
    return proxy;
  }

  /** Connections that are open through it. */
  get connections(): number {
    return this.#pairs.size;
  }

  /** Breaks every connection; new ones are taken. */
  cut(): void {
    for (const pair of this.#pairs) for (const socket of pair) socket.destroy();
  }

  /** Nothing passes any more, in either direction, and nothing is closed, until `resume()`. */
  stall(): void {
    for (const pair of this.#pairs) for (const socket of pair) socket.pause();
  }

  resume(): void {
    for (const pair of this.#pairs) for (const socket of pair) socket.resume();
  }

  /** Breaks every connection and refuses new ones until `admit()`. */
  refuse(): void {
    this.#open = false;
    this.cut();
  }

  admit(): void {
    this.#open = true;
  }

  async stop(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #join(inner: Socket, target: { readonly host: string; readonly port: number }): void {
    if (!this.#open) {
      inner.destroy();
      return;
    }
    const outer = connect({ host: target.host, port: target.port, noDelay: true });
    inner.setNoDelay(true);
    const pair = [inner, outer] as const;
    this.#pairs.add(pair);
    for (const [from, to] of [pair, [outer, inner] as const]) {
      from.on('data', (data) => to.write(data));
      from.on('end', () => to.end());
      from.on('error', () => to.destroy());
      from.on('close', () => {
        to.destroy();
        this.#pairs.delete(pair);
      });
    }
  }
}
