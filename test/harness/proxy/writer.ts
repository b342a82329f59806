import { closeSync, openSync, writeSync } from 'node:fs';
import type { WireEntry } from './entry.js';

/** Lines are written together once there are so many bytes of them. */
const BATCH = 65_536;

/**
 * Appends to a wire journal in batches: the proxy lives in the process that runs the test, which nobody kills, and it
 * must not slow down what it watches.
 */
export class WireWriter {
  #file: number | undefined;
  #lines = '';

  constructor(path: string) {
    this.#file = openSync(path, 'ax');
  }

  write(entry: WireEntry): void {
    this.#lines += `${JSON.stringify(entry)}\n`;
    if (this.#lines.length >= BATCH) this.flush();
  }

  flush(): void {
    if (this.#file === undefined || this.#lines === '') return;
    writeSync(this.#file, this.#lines);
    this.#lines = '';
  }

  close(): void {
    this.flush();
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }
}
