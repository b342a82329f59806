import { closeSync, openSync, writeSync } from 'node:fs';
import type { Note } from './entry.js';

/** Where a process writes down what it does. */
export interface Journal {
  note(note: Note): void;
  close(): void;
}

/** A journal that nobody keeps. */
export const NO_JOURNAL: Journal = { note: () => {}, close: () => {} };

/** Writes one JSON line for each note, at once: what is noted is on file, even if the process is killed right after. */
export function openJournal(path: string): Journal {
  // 'ax': two processes that write one journal are a mistake, not something to append to.
  const file = openSync(path, 'ax');
  let line = 0;
  return {
    note(note) {
      const at = Number(process.hrtime.bigint() / 1_000n) / 1_000;
      writeSync(file, `${JSON.stringify({ line: ++line, at, ...note })}\n`);
    },
    close: () => closeSync(file),
  };
}
