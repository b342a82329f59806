import { existsSync, statSync } from 'node:fs';
import { join, posix, resolve } from 'node:path';
import type { Settings } from '../../compat/index.js';
import { LynchpinError } from '../../errors/index.js';
import { engine } from '../engine.js';
import { Refusal } from '../exit.js';

/** The project that a command works on. */
export interface Project {
  /** Its folder. */
  readonly folder: string;
  readonly settings: Settings;
  /** The recording's folder, seen from the project's, with slashes and nothing before or after. */
  readonly recording: string;
  /** The same, absolute. */
  readonly recordingFolder: string;
}

/** Reads the settings of the project in a folder. */
export async function projectIn(folder: string): Promise<Project> {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) throw new Refusal(`${folder} is no folder`);
  const { readSettings } = await engine();
  const settings = understood(() => readSettings(folder));
  const recording = posix.normalize((settings.recording ?? 'compat').replaceAll('\\', '/')).replace(/\/+$/, '');
  if (recording.startsWith('../') || recording.startsWith('/')) {
    throw new Refusal(
      `the settings of ${folder} put the recording into ${recording}, outside of the project, where it would not be shipped with it`,
    );
  }
  return { folder, settings, recording, recordingFolder: join(folder, recording) };
}

/** The modules that declare the contracts: those of the command line, or else those of the settings. Absolute paths. */
export function modulesOf({ folder, settings }: Project, given: readonly string[]): readonly string[] {
  const named = given.length > 0 ? given : (settings.contracts ?? []);
  if (named.length === 0) {
    throw new Refusal(
      `nothing says where the contracts are. Write it into package.json:\n\n    "lynchpin": { "contracts": ["./src/contracts.ts"] }\n\nor give --contracts <path>`,
    );
  }
  return named.map((path) => {
    const file = resolve(folder, path);
    if (!existsSync(file)) throw new Refusal(`the contracts ${path} do not exist in ${folder}`);
    if (!statSync(file).isFile()) throw new Refusal(`the contracts ${path} are a folder: name the module in it that exports them`);
    return file;
  });
}

/** What goes wrong in settings and declarations means that nothing was checked. */
export function understood<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw LynchpinError.is(error) ? new Refusal(error.message, undefined, { cause: error }) : error;
  }
}
