import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { MutationArguments } from '../../harness/mutation/index.js';

const SHOP = new URL('../../../examples/gateway/', import.meta.url);
const PATIENCE = 20_000;

/** One process of the shop, of one release. */
export class Instance {
  readonly ended: Promise<readonly [number | null, NodeJS.Signals | null]>;
  output = '';
  readonly #process: ChildProcess;

  /** @param program as it lies below the example: `released/gateway.js`. */
  constructor(
    readonly program: string,
    readonly port: number,
    environment: Readonly<Record<string, string>>,
    mutated: MutationArguments,
  ) {
    this.#process = spawn(process.execPath, [...mutated.nodeOptions, fileURLToPath(new URL(program, SHOP))], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...mutated.environment, ...environment, PORT: String(port) },
    });
    for (const stream of [this.#process.stdout, this.#process.stderr]) stream?.on('data', (text) => (this.output += String(text)));
    this.ended = once(this.#process, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  }

  /** Waits until its own probe says that it may be sent work. */
  async ready(): Promise<void> {
    const begun = performance.now();
    let ended = false;
    void this.ended.then(() => (ended = true));
    while ((await this.#probe()) !== 200) {
      if (ended || performance.now() - begun > PATIENCE) throw new Error(`${this.program} is not ready: ${this.output}`);
      await pause(20);
    }
  }

  /** SIGTERM; answers how it ended. */
  async leave(): Promise<readonly [number | null, NodeJS.Signals | null]> {
    this.#process.kill('SIGTERM');
    return this.ended;
  }

  /** For what is left over at the end. */
  async kill(): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.ended;
  }

  #probe(): Promise<number | undefined> {
    return new Promise((resolve) => {
      request({ host: '127.0.0.1', port: this.port, path: '/readyz', agent: false }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on('error', () => resolve(undefined))
        .end();
    });
  }
}
