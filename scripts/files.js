import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Folders that are made, not written. */
const MADE = new Set(['.git', 'node_modules', 'dist', 'build', 'coverage']);

/**
 * Every file below a folder, as paths from the root with forward slashes, sorted. What is made or installed is left out.
 * @param {string} root
 * @param {string} [folder] from the root; the root itself when left out
 * @returns {string[]}
 */
export function filesBelow(root, folder = '') {
  /** @type {string[]} */
  const files = [];
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (MADE.has(entry.name) || path === 'docs/api') continue;
    if (entry.isDirectory()) files.push(...filesBelow(root, path));
    else if (entry.isFile()) files.push(path);
  }
  return files.sort();
}
