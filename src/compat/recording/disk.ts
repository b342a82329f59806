import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** Every file below a folder: its path from there, with `/`, and its text. Hidden files are passed over. Sorted. */
export function readTexts(folder: string): ReadonlyMap<string, string> {
  const paths: string[] = [];
  const visit = (below: string): void => {
    for (const item of list(join(folder, below))) {
      const path = below === '' ? item.name : `${below}/${item.name}`;
      if (item.name.startsWith('.')) continue;
      if (item.isDirectory()) visit(path);
      else if (item.isFile()) paths.push(path);
    }
  };
  visit('');
  return new Map(paths.sort().map((path) => [path, readFileSync(join(folder, path), 'utf8')]));
}

/** The text of one file, or undefined where there is none. */
export function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

/**
 * Writes a file so that others find either the old text or the new, whole: test runners record in several processes at once.
 * @returns whether anything had to be written.
 */
export function writeText(file: string, text: string): boolean {
  if (readText(file) === text) return false;
  mkdirSync(dirname(file), { recursive: true });
  const draft = join(dirname(file), `.${basename(file)}.${process.pid}.${randomBytes(4).toString('hex')}`);
  try {
    writeFileSync(draft, text);
    renameSync(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
  return true;
}

/** Removes a file, and the two folders that it is in where nothing is left in them. */
export function removeFile(file: string): void {
  rmSync(file, { force: true });
  try {
    for (const folder of [dirname(file), dirname(dirname(file))]) rmdirSync(folder);
  } catch {
    // Something else is in it.
  }
}

function list(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if (isAbsent(error)) return [];
    throw error;
  }
}

function isAbsent(error: unknown): boolean {
  const code = (error as { readonly code?: unknown }).code;
  return code === 'ENOENT' || code === 'ENOTDIR';
}
