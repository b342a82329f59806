/**
 * Checks that imports in `src/` go down only, that a room is entered by its `index.ts`, and that each dependency is
 * imported in its one place. The linter knows cycles but no order of rooms, hence this check.
 *
 *     node scripts/layers.js [root]
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { filesBelow } from './files.js';

/** Rooms from the ground up. A file may import from its own room and from lower floors; rooms of one floor do not know each other. */
export const FLOORS = [
  ['errors'],
  ['versions'],
  ['objects', 'broker'],
  ['rpc'],
  ['pin'],
  ['fleet', 'compat'],
  ['bus'],
  ['index.ts'],
  ['testing', 'integrations', 'dashboard', 'cli'],
];

/** Where each package may be imported, and in how many files at most. */
export const PLACES = {
  amqplib: { under: /^src\/broker\/amqp\// },
  ajv: { under: /^src\/objects\/schema/ },
  'fast-check': { under: /^src\/compat\/samples\// },
  semver: { under: /^src\/versions\// },
  commander: { under: /^src\/cli\// },
  'class-transformer': { under: /^src\/objects\//, most: 1 },
  'reflect-metadata': { under: /^src\/objects\//, most: 1 },
};

/** @param {string} file a path from the root, such as src/rpc/client.ts */
const roomOf = (file) => file.split('/')[1] ?? '';
/** @param {string} room */
const floorOf = (room) => FLOORS.findIndex((rooms) => rooms.includes(room));

/**
 * @param {string} root the project's folder
 * @returns {string[]} one line for each violation
 */
export function layerViolations(root) {
  /** @type {string[]} */
  const found = [];
  /** @type {Map<string, Set<string>>} */
  const importers = new Map();
  for (const file of filesBelow(root, 'src').filter((name) => name.endsWith('.ts'))) {
    if (floorOf(roomOf(file)) < 0) found.push(`${file}: the room ${roomOf(file)} has no floor in scripts/layers.js`);
    const text = readFileSync(join(root, file), 'utf8');
    for (const { fileName: name } of ts.preProcessFile(text, true, true).importedFiles) {
      const problem = name.startsWith('.') ? inside(root, file, name) : outside(file, name, importers);
      if (problem !== undefined) found.push(`${file}: imports ${name}, but ${problem}`);
    }
  }
  for (const [name, place] of Object.entries(PLACES)) {
    const files = [...(importers.get(name) ?? [])];
    if ('most' in place && files.length > place.most) found.push(`${name} belongs in one file, but is imported in ${files.join(', ')}`);
  }
  return found;
}

/**
 * @param {string} root
 * @param {string} file
 * @param {string} name
 * @returns {string | undefined}
 */
function inside(root, file, name) {
  const target = posix.join(posix.dirname(file), name).replace(/\.js$/, '.ts');
  if (!target.startsWith('src/')) return 'it lies outside of src';
  if (!existsSync(join(root, target))) return 'there is no such file';
  const [from, to] = [roomOf(file), roomOf(target)];
  if (from !== to && floorOf(to) >= floorOf(from)) return `${to} is not below ${from}`;
  const room = innermostRoom(root, target, file);
  if (room !== undefined && target !== `${room}/index.ts`) return `the way into ${room} is its index.ts`;
  return undefined;
}

/**
 * The innermost folder with an `index.ts` that the target is in and the importing file is not. Folders without one are
 * only drawers of the room that they are in.
 * @param {string} root
 * @param {string} target
 * @param {string} file
 * @returns {string | undefined}
 */
function innermostRoom(root, target, file) {
  for (let folder = posix.dirname(target); folder !== 'src' && !file.startsWith(`${folder}/`); folder = posix.dirname(folder)) {
    if (existsSync(join(root, folder, 'index.ts'))) return folder;
  }
  return undefined;
}

/**
 * @param {string} file
 * @param {string} name
 * @param {Map<string, Set<string>>} importers
 * @returns {string | undefined}
 */
function outside(file, name, importers) {
  if (name.startsWith('node:')) return undefined;
  if (name.startsWith('#') || /^lynchpin(\/|$)/.test(name)) return 'inside of src imports are relative';
  const owner = name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/');
  importers.set(owner, (importers.get(owner) ?? new Set()).add(file));
  const place = PLACES[/** @type {keyof typeof PLACES} */ (owner)];
  if (place !== undefined && !place.under.test(file)) return `${owner} is imported only where ${place.under.source} matches`;
  return undefined;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const violations = layerViolations(process.argv[2] ?? dirname(dirname(fileURLToPath(import.meta.url))));
  for (const violation of violations) console.error(violation);
  if (violations.length > 0) process.exit(1);
  console.log('Imports go down only.');
}
