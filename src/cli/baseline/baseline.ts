import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { ParsedRecording } from '../../compat/index.js';
import { engine } from '../engine.js';
import { EXIT, Refusal } from '../exit.js';
import type { Terminal } from '../terminal.js';
import { gitFiles } from './git.js';
import { npmFiles } from './npm.js';

/** Where a baseline is looked for. */
export interface Looking {
  /** The project's folder. */
  readonly folder: string;
  /** The recording's folder, seen from there. */
  readonly recording: string;
  readonly env: Terminal['env'];
}

/**
 * What was recorded elsewhere: `git:<ref>`, `npm:<name>@<range>` or `dir:<path>`.
 * @throws Refusal with exit code 3 when there is nothing to compare with.
 */
export async function baselineOf(against: string, looking: Looking): Promise<ParsedRecording> {
  const { folder, recording, env } = looking;
  const [, kind, rest] = /^(git|npm|dir):(.+)$/s.exec(against) ?? [];
  if (kind === undefined || rest === undefined) {
    throw new Refusal(`${against} is none of git:<ref>, npm:<name>@<range> and dir:<path>`);
  }
  const { parseRecording, readRecording } = await engine();
  if (kind === 'dir') {
    const read = readRecording(folderOf(resolve(folder, rest), recording));
    return { ...read, recorded: { ...read.recorded, origin: against } };
  }
  const { origin, files } = kind === 'git' ? await gitFiles(folder, recording, rest) : await npmFiles(folder, recording, rest, env);
  const texts = files.map(({ path, content }) => [path, content.toString('utf8')] as const);
  const parsed = parseRecording(texts, origin);
  if (parsed.recorded.entries.length > 0 || parsed.files.length > 0) return parsed;
  throw new Refusal(`${origin} has nothing recorded in ${recording}/, so there is no baseline`, EXIT.unknown);
}

/** The recording itself, or the project that has it. */
function folderOf(path: string, recording: string): string {
  const found = [join(path, recording), path].find((one) => ['objects', 'apis'].some((kind) => isFolder(join(one, kind))));
  if (found !== undefined) return found;
  throw new Refusal(`${path} holds no recording: neither it nor ${recording}/ in it has objects/ or apis/`, EXIT.unknown);
}

function isFolder(path: string): boolean {
  return existsSync(path) && statSync(path).isDirectory();
}
