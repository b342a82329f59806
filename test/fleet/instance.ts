import { fork } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'node:http';
import { fileURLToPath } from 'node:url';
import type { Orders, Told } from './service.js';

const PROGRAM = fileURLToPath(new URL('./service.js', import.meta.url));

/** How an instance ended. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** What its probe says. */
export interface Probed {
  readonly status: number;
  readonly body: {
    readonly ready: boolean;
    readonly broker: string;
    readonly servers: readonly { readonly name: string; readonly state: string }[];
  };
}

/** One instance of the service, in a process of its own. */
export class Instance {
  readonly ended: Promise<Ended>;
  /** What it began to do, in its order. */
  readonly began: string[] = [];
  /** What it wrote: nothing, unless something went wrong. */
  output = '';
  readonly #process;
  readonly #port: Promise<number>;

  constructor(orders: Orders) {
    this.#process = fork(PROGRAM, [JSON.stringify(orders)], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
    for (const stream of [this.#process.stdout, this.#process.stderr]) stream?.on('data', (text) => (this.output += String(text)));
    this.ended = once(this.#process, 'exit').then(([code, signal]) => ({ code, signal }) as Ended);
    this.#port = new Promise((resolve, reject) => {
      this.#process.on('message', (told: Told) => ('port' in told ? resolve(told.port) : this.began.push(told.began)));
      void this.ended.then(() => reject(new Error(`the instance has ended: ${this.output}`)));
    });
    this.#port.catch(() => undefined);
  }

  signal(signal: NodeJS.Signals): void {
    this.#process.kill(signal);
  }

  /** Asks its probe once. */
  async probe(): Promise<Probed> {
    const port = await this.#port;
    return new Promise((resolve, reject) => {
      request({ host: '127.0.0.1', port, path: '/readyz' }, (response) => {
        let text = '';
        response.on('data', (part) => (text += String(part)));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) as Probed['body'] }));
      })
        .on('error', reject)
        .end();
    });
  }

  /** Asks its probe until it says so. */
  async probed(status: number): Promise<Probed> {
    for (;;) {
      const probed = await this.probe();
      if (probed.status === status) return probed;
    }
  }

  /** Resolves once it began so many things. */
  async begun(count: number): Promise<void> {
    while (this.began.length < count)
      await Promise.race([once(this.#process, 'message'), this.ended.then(() => Promise.reject(new Error(this.output)))]);
  }

  /** For what is left over after a failed test. */
  async kill(): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.ended;
  }
}
