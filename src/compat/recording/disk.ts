import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/**
 * Every file below a folder: its path from there, with `/`, and its text. Hidden files are passed over. Sorted.
 * @param within the parts of the folder that matter. Default: all of it.
 */
export function readTexts(folder: string, within: readonly string[] = ['']): ReadonlyMap<string, string> {
  const paths: string[] = [];
  const visit = (below: string): void => {
    for (const item of list(join(folder, below))) {
      const path = below === '' ? item.name : `${below}/${item.name}`;
      if (item.name.startsWith('.')) continue;
      // Build tools link what they hand over file by file.
      const kind = item.isSymbolicLink() ? statSync(join(folder, path), { throwIfNoEntry: false }) : item;
      if (kind?.isDirectory() === true) visit(path);
      else if (kind?.isFile() === true) paths.push(path);
    }
  };
  within.forEach(visit);
  // Another process may remove what was listed a moment ago.
  const texts = paths.sort().map((path) => [path, readText(join(folder, path))] as const);
  return new Map(texts.filter((read): read is readonly [string, string] => read[1] !== undefined));
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
  // Git may have checked it out with the line ends of Windows: that is no change.
  if (readText(file)?.replaceAll('\r\n', '\n') === text) return false;
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
