import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { now } from '../journal/index.js';
import { type Action, ACTIONS_FILE } from '../plan/index.js';

/** Writes down what a run does to its processes, before it does it. */
export class ActionWriter {
  #file: number | undefined;

  constructor(directory: string) {
    this.#file = openSync(join(directory, ACTIONS_FILE), 'ax');
  }

  write(action: Action): void {
    if (this.#file !== undefined) writeSync(this.#file, `${JSON.stringify({ at: now(), action })}\n`);
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }
}
