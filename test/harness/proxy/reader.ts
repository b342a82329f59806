import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseLines } from '../journal/index.js';
import type { WireEntry, WireJournal } from './entry.js';

/** The end of a wire journal's file name; before it stands the process. */
export const WIRE_SUFFIX = '.wire';

/** Reads what every proxy of a run wrote. */
export function readWireJournals(directory: string): WireJournal[] {
  return readdirSync(directory)
    .filter((file) => file.endsWith(WIRE_SUFFIX))
    .sort()
    .map((file) => {
      const path = join(directory, file);
      return { process: basename(file, WIRE_SUFFIX), entries: parseLines<WireEntry>(readFileSync(path, 'utf8'), path) };
    });
}
