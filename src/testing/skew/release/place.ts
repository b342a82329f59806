import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, realpath, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { LynchpinError } from '../../../errors/index.js';
import type { GitSource, ReleaseSource } from '../options.js';
import { run } from './command.js';

/** A package that can be loaded from a folder, and what ends it. */
export interface Place {
  readonly folder: string;
  /** Deletes what was made for it. */
  readonly clear: () => Promise<void>;
}

const NOTHING_TO_CLEAR = (): Promise<void> => Promise.resolve();

/**
 * Puts a release where it can be loaded from.
 * @param signal ends what takes too long.
 * @throws LynchpinError `DECLARATION` when there is no such package, or it cannot be unpacked or built.
 */
export async function placeRelease(source: ReleaseSource, signal: AbortSignal): Promise<Place> {
  if ('alias' in source) return { folder: await installed(source.alias), clear: NOTHING_TO_CLEAR };
  if ('dir' in source) return { folder: await existing(resolve(source.dir)), clear: NOTHING_TO_CLEAR };
  const { modules } = 'tarball' in source ? source : source.git;
  return inTemporaryFolder(modules, async (folder) => {
    if ('tarball' in source) {
      const file = resolve(source.tarball);
      if (!existsSync(file)) throw new LynchpinError('DECLARATION', `there is no tarball ${file}`, { tarball: file });
      await unpack(`unpacking ${file}`, file, folder, ['--strip-components=1'], signal);
      return folder;
    }
    return checkedOut(source.git, folder, signal);
  });
}

/** A package among the dependencies, by the name that it was installed under. */
async function installed(alias: string): Promise<string> {
  const modules = nearestModules(alias);
  if (modules === undefined)
    throw new LynchpinError(
      'DECLARATION',
      `no package ${alias} is installed: npm install --save-dev ${alias}@npm:NAME@VERSION installs a release beside today's`,
      { alias },
    );
  return realpath(join(modules, alias));
}

async function checkedOut({ repo = '.', ref, path = '.', build }: GitSource, folder: string, signal: AbortSignal): Promise<string> {
  const archive = `${folder}.tar`;
  const doing = `reading ${ref} from the repository ${resolve(repo)}`;
  if (ref.startsWith('-')) throw new LynchpinError('DECLARATION', `${JSON.stringify(ref)} is no tag, branch or commit`, { ref });
  // From the top of the repository, wherever in it the folder is.
  const args = ['-C', resolve(repo), 'archive', '--format=tar', `--output=${archive}`, `${ref}:`];
  try {
    await run({ doing, program: 'git', args, cwd: folder, signal });
    await unpack(doing, archive, folder, [], signal);
  } finally {
    await rm(archive, { force: true });
  }
  const target = await existing(join(folder, path));
  if (build !== undefined) await run({ doing: `building ${ref}`, program: '/bin/sh', args: ['-c', build], cwd: target, signal });
  return target;
}

/** A temporary folder beside which dependencies are found, as they would be if the package were installed. */
async function inTemporaryFolder(given: string | undefined, fill: (folder: string) => Promise<string>): Promise<Place> {
  const top = await realpath(await mkdtemp(join(tmpdir(), 'lynchpin-skew-')));
  const clear = (): Promise<void> => rm(top, { recursive: true, force: true, maxRetries: 3 });
  try {
    const folder = join(top, 'package');
    await mkdir(folder);
    const modules = given === undefined ? nearestModules('') : await existing(resolve(given));
    if (modules !== undefined) await symlink(modules, join(top, 'node_modules'), 'dir');
    return { folder: await fill(folder), clear };
  } catch (error) {
    await clear();
    throw error;
  }
}

function unpack(doing: string, file: string, folder: string, options: readonly string[], signal: AbortSignal): Promise<void> {
  return run({ doing, program: 'tar', args: ['-xf', file, '-C', folder, ...options], cwd: folder, signal });
}

/** The nearest `node_modules`, from the working directory upwards, that has a package; any, for no name. */
function nearestModules(name: string): string | undefined {
  for (let at = process.cwd(); ; at = dirname(at)) {
    if (existsSync(join(at, 'node_modules', name, name === '' ? '' : 'package.json'))) return join(at, 'node_modules');
    if (dirname(at) === at) return undefined;
  }
}

async function existing(folder: string): Promise<string> {
  if (existsSync(folder)) return realpath(folder);
  throw new LynchpinError('DECLARATION', `there is no folder ${folder}`, { folder });
}
