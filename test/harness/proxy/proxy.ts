import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { now } from '../journal/index.js';
import type { Fault, WireEntry } from './entry.js';
import { Link } from './link.js';
import { WireWriter } from './writer.js';

/** Where a proxy forwards to, and where it writes what passed. */
export interface ProxyOptions {
  readonly host: string;
  readonly port: number;
  /** The wire journal's file. */
  readonly journal: string;
}

/**
 * Stands between one process and the broker, on loopback: a place to break the connection in every way a network does,
 * and to write down what passed.
 */
export class Proxy {
  readonly #links = new Set<Link>();
  readonly #server: Server;
  readonly #options: ProxyOptions;
  readonly #writer: WireWriter;
  #count = 0;
  #refusing = false;
  #delay = 0;

  private constructor(options: ProxyOptions) {
    this.#options = options;
    this.#writer = new WireWriter(options.journal);
    this.#server = createServer({ noDelay: true, pauseOnConnect: true }, (socket) => this.#accept(socket));
  }

  static async open(options: ProxyOptions): Promise<Proxy> {
    const proxy = new Proxy(options);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get port(): number {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('the proxy is closed');
    return address.port;
  }

  /** Breaks every connection, as if the cable was pulled and both ends noticed. New ones are accepted. */
  cut(): void {
    this.#fault('cut');
    for (const link of this.#links) link.cut();
  }

  /** Breaks every connection and accepts none until `mend`. */
  refuse(): void {
    this.#fault('refuse');
    this.#refusing = true;
    for (const link of this.#links) link.cut();
  }

  /** Forwards nothing either way until `mend`, and nothing is lost. */
  stall(): void {
    this.#fault('stall');
    for (const link of this.#links) link.stall();
  }

  /** The broker's side ends; the process is not told, and what it sends is swallowed, until `mend` ends its side too. */
  halfOpen(): void {
    this.#fault('half-open');
    for (const link of this.#links) link.halfOpen();
  }

  /** Every byte takes so many milliseconds longer, either way, on connections old and new, until `mend`. */
  delay(milliseconds: number): void {
    this.#fault('delay');
    this.#delay = milliseconds;
    for (const link of this.#links) link.delay(milliseconds);
  }

  /** Ends every fault. */
  mend(): void {
    this.#fault('mend');
    this.#refusing = false;
    this.#delay = 0;
    for (const link of this.#links) link.mend();
  }

  /** Ends what still lives and completes the journal. */
  async close(): Promise<void> {
    for (const link of this.#links) link.cut();
    if (this.#server.listening) {
      this.#server.close();
      await once(this.#server, 'close');
    }
    this.#writer.close();
  }

  #accept(socket: Socket): void {
    if (this.#refusing) {
      socket.resetAndDestroy();
      return;
    }
    this.#count += 1;
    const link = new Link(this.#count, socket, this.#options, (entry) => this.#write(entry));
    this.#links.add(link);
    link.delay(this.#delay);
    link.onEnd = () => this.#links.delete(link);
  }

  #fault(fault: Fault['fault']): void {
    this.#write({ kind: 'fault', at: now(), fault });
  }

  #write(entry: WireEntry): void {
    this.#writer.write(entry);
  }
}
