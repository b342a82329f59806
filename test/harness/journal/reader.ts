import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Entry, Journal } from './entry.js';

/** The end of a process journal's file name. */
export const JOURNAL_SUFFIX = '.journal';

/**
 * Parses the lines of a file. Only a last line without its end may be damaged (the writer was killed within it): that
 * one is left out; any other is an error.
 */
export function parseLines<T>(text: string, source: string): T[] {
  const lines = text.split('\n');
  lines.pop();
  return lines.map((line, index) => {
    try {
      return JSON.parse(line) as T;
    } catch (cause) {
      throw new Error(`${source}, line ${index + 1}: not a line of a journal`, { cause });
    }
  });
}

/** Reads one journal. One that was never begun (killed before its first entry) is `undefined`. */
export function readJournal(path: string): Journal | undefined {
  const entries = parseLines<Entry>(readFileSync(path, 'utf8'), path);
  const first = entries[0];
  if (first === undefined) return undefined;
  if (first.kind !== 'started') throw new Error(`${path}: a journal begins with who writes it, not with "${first.kind}"`);
  const { process, name, role, release, window } = first;
  return { process, name, role, release, window, entries };
}

/** Reads every journal of a run. */
export function readJournals(directory: string): Journal[] {
  return readdirSync(directory)
    .filter((file) => file.endsWith(JOURNAL_SUFFIX))
    .sort()
    .map((file) => readJournal(join(directory, file)))
    .filter((journal) => journal !== undefined);
}
