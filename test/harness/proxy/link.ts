import { connect, type Socket } from 'node:net';
import { now } from '../journal/index.js';
import type { Lost, WireEntry } from './entry.js';
import { Tap } from './tap.js';

/** One connection of a process, and the one to the broker that belongs to it. */
export class Link {
  /** Called once, when both sides are gone. */
  onEnd: () => void = () => {};
  readonly #id: number;
  readonly #tap: Tap;
  readonly #near: Socket;
  readonly #far: Socket;
  readonly #write: (entry: WireEntry) => void;
  #lost = false;
  #swallowing = false;
  #stalled = false;
  #delay = 0;

  constructor(id: number, near: Socket, to: { readonly host: string; readonly port: number }, write: (entry: WireEntry) => void) {
    this.#id = id;
    this.#near = near;
    this.#far = connect({ host: to.host, port: to.port, noDelay: true });
    this.#write = write;
    this.#tap = new Tap(id, write, () => this.#noteLost('broker'));
    write({ kind: 'opened', at: now(), connection: id });
    this.#join(this.#near, this.#far, (chunk) => this.#tap.sent(chunk));
    this.#join(this.#far, this.#near, (chunk) => this.#tap.received(chunk));
    this.#near.on('error', () => {});
    this.#far.on('error', () => {});
    this.#near.on('close', () => this.#ended('process'));
    this.#far.on('close', () => this.#ended('broker'));
    near.resume();
  }

  cut(): void {
    this.#noteLost('fault');
    this.#swallowing = false;
    this.#stalled = false;
    reset(this.#near);
    reset(this.#far);
  }

  stall(): void {
    this.#stalled = true;
    this.#near.pause();
    this.#far.pause();
  }

  halfOpen(): void {
    this.#swallowing = true;
    this.#noteLost('fault');
    reset(this.#far);
    this.#near.resume();
  }

  delay(milliseconds: number): void {
    this.#delay = milliseconds;
  }

  mend(): void {
    this.#delay = 0;
    if (this.#swallowing) {
      this.cut();
    } else if (this.#stalled) {
      this.#stalled = false;
      if (this.#far.destroyed) reset(this.#near);
      if (this.#near.destroyed) reset(this.#far);
      this.#near.resume();
      this.#far.resume();
    }
  }

  #join(from: Socket, to: Socket, see: (chunk: Buffer) => void): void {
    // Delayed chunks leave in the order in which they came, also when the delay ends.
    let last = Promise.resolve();
    let waiting = 0;
    const forward = (chunk: Buffer): void => {
      if (this.#swallowing || to.destroyed) return;
      see(chunk);
      if (!to.write(chunk) && !this.#stalled) {
        from.pause();
        to.once('drain', () => {
          if (!this.#stalled) from.resume();
        });
      }
    };
    from.on('data', (chunk: Buffer) => {
      if (this.#delay === 0 && waiting === 0) {
        forward(chunk);
        return;
      }
      waiting += 1;
      const due = new Promise<void>((resolve) => setTimeout(resolve, this.#delay));
      last = last
        .then(() => due)
        .then(() => {
          waiting -= 1;
          forward(chunk);
        });
    });
    from.on('end', () => {
      void last.then(() => {
        if (!this.#swallowing && !this.#stalled) to.end();
      });
    });
  }

  /** One side is gone; so goes the other, unless a fault hides it. */
  #ended(side: 'process' | 'broker'): void {
    this.#noteLost(side);
    const other = side === 'process' ? this.#far : this.#near;
    if (!other.destroyed) {
      if (side === 'broker' && (this.#swallowing || this.#stalled)) return;
      other.destroySoon();
      return;
    }
    this.onEnd();
  }

  #noteLost(by: Lost['by']): void {
    if (this.#lost) return;
    this.#lost = true;
    this.#write({ kind: 'lost', at: now(), connection: this.#id, by, clean: this.#tap.closing });
  }
}

/** Breaks a connection. One that has been told to end cannot be reset any more: Node would keep its handle, and never exit. */
function reset(socket: Socket): void {
  if (socket.writableEnded) socket.destroy();
  else socket.resetAndDestroy();
}
