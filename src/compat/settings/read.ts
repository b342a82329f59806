import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LynchpinError } from '../../errors/index.js';
import { withoutMark } from '../recording/parse.js';
import { parseSettings } from './parse.js';
import type { Settings } from './settings.js';

const FILE = 'lynchpin.config.json';

/**
 * Reads a project's settings: `lynchpin` in its package.json, or `lynchpin.config.json` beside it. Without either, everything
 * is as it is by default.
 * @param folder the project's, with its package.json.
 * @throws LynchpinError `DECLARATION` when both say something, when a file is no JSON, or for a setting that is not understood.
 */
export function readSettings(folder: string): Settings {
  const manifest = jsonOf(folder, 'package.json');
  const inManifest = typeof manifest === 'object' && manifest !== null ? (manifest as { lynchpin?: unknown }).lynchpin : undefined;
  const own = jsonOf(folder, FILE);
  if (own !== undefined && inManifest !== undefined) {
    throw new LynchpinError('DECLARATION', `both package.json and ${FILE} in ${folder} have settings: keep one of them`, { folder });
  }
  if (own !== undefined) return parseSettings(own, FILE);
  return inManifest === undefined ? {} : parseSettings(inManifest, 'lynchpin in package.json');
}

function jsonOf(folder: string, file: string): unknown {
  const path = join(folder, file);
  if (!existsSync(path)) return undefined;
  try {
    return JSON.parse(withoutMark(readFileSync(path, 'utf8')));
  } catch (cause) {
    throw new LynchpinError(
      'DECLARATION',
      `${path} is no JSON: ${cause instanceof Error ? cause.message : String(cause)}`,
      { path },
      { cause },
    );
  }
}
