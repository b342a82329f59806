import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Entry, Started } from '../journal/index.js';

/** The journal of one process, as it was found. */
export interface Book {
  readonly file: string;
  /** Who wrote it. */
  readonly by: Started;
  readonly entries: readonly Entry[];
}

/** The journals of a folder, and what is wrong with them as files. */
export interface Books {
  readonly books: readonly Book[];
  readonly damage: readonly string[];
}

/** Reads every `*.journal` of a folder. Each must be whole: begun with who writes it, ended with `stopped`, no line missing. */
export function readBooks(folder: string): Books {
  const damage: string[] = [];
  const books: Book[] = [];
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.journal'))
    .sort();
  if (files.length === 0) damage.push(`${folder} has no journals`);
  for (const file of files) {
    const entries = readEntries(file, readFileSync(join(folder, file), 'utf8'), damage);
    const [first] = entries;
    if (first?.kind !== 'started') {
      damage.push(`${file} does not begin with who writes it`);
      continue;
    }
    if (entries.at(-1)?.kind !== 'stopped') damage.push(`${file} does not end with "stopped": ${first.process} did not leave properly`);
    books.push({ file, by: first, entries });
  }
  return { books, damage };
}

function readEntries(file: string, text: string, damage: string[]): Entry[] {
  const lines = text.split('\n');
  if (lines.pop() !== '') damage.push(`${file} ends in the middle of a line`);
  const entries: Entry[] = [];
  let at = -Infinity;
  for (const [index, line] of lines.entries()) {
    const entry = parsed(line);
    if (entry === undefined) {
      damage.push(`${file}, line ${index + 1}: not a line of a journal`);
      continue;
    }
    if (entry.line !== index + 1) damage.push(`${file}, line ${index + 1}: says that it is line ${entry.line}`);
    if (entry.at < at) damage.push(`${file}, line ${index + 1}: was written before the line above it`);
    if (entry.kind === 'started' && index > 0) damage.push(`${file}, line ${index + 1}: begins a second time`);
    at = entry.at;
    entries.push(entry);
  }
  return entries;
}

function parsed(line: string): Entry | undefined {
  try {
    const entry = JSON.parse(line) as Entry | null;
    return typeof entry?.kind === 'string' && typeof entry.at === 'number' ? entry : undefined;
  } catch {
    return undefined;
  }
}
