import { closeSync, openSync, writeSync } from 'node:fs';
import { now } from './clock.js';
import type { Entry } from './entry.js';

type WithoutTime<T> = T extends unknown ? Omit<T, 'at'> : never;

/** An entry before it gets its time. */
export type Note = WithoutTime<Entry>;

/**
 * Appends entries to one file, one JSON line each. Each is with the operating system when `write` returns, so that a
 * `kill -9` right after it loses nothing.
 */
export class JournalWriter {
  #file: number | undefined;

  constructor(path: string) {
    // 'ax': a second writer of the same journal is a mistake in the run, not something to append to.
    this.#file = openSync(path, 'ax');
  }

  write(note: Note): void {
    if (this.#file === undefined) return;
    writeSync(this.#file, `${JSON.stringify({ at: now(), ...note })}\n`);
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }
}
