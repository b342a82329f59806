import { existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LynchpinError } from '../errors/index.js';
import type { Contract } from '../rpc/index.js';
import type { ConnectOptions } from './options.js';

/** How much of a difference fits into a message; all of it is in the details. */
const LINES = 12;

/** The folder in which a package keeps its recording. */
const FOLDER = 'compat';

/**
 * Where the recording of a topic lies, if there is one. Nothing is read or loaded for it.
 * @throws LynchpinError `DECLARATION` when a folder was given that is not there.
 */
export function recordingOf(topic: string, { recording }: Pick<ConnectOptions, 'recording'>): string | undefined {
  if (recording === false) return undefined;
  if (recording !== undefined) {
    const given = recording instanceof URL ? fileURLToPath(recording) : recording;
    // A folder that is there and is another one would compare nothing, and nobody would notice.
    if (existsSync(join(given, 'apis'))) return given;
    throw new LynchpinError(
      'DECLARATION',
      `there is no recording at ${given}, with a folder apis in it: correct the option recording, or pass false`,
      {
        recording: given,
      },
    );
  }
  const own = packageOf(process.argv[1]);
  const folder = own === undefined ? undefined : join(own, FOLDER);
  return folder !== undefined && existsSync(join(folder, 'apis', topic)) ? folder : undefined;
}

/**
 * Compares a contract with what was released of the versions that it claims.
 * @throws LynchpinError `CONTRACT_DRIFT` when they differ, unless a warning is enough.
 */
export async function checkDrift(contract: Contract, folder: string, { drift }: Pick<ConnectOptions, 'drift'>): Promise<void> {
  // Loaded here alone: most processes have no recording, and importing the package is to stay cheap for them.
  const { driftOf, readRecording } = await import('../compat/index.js');
  const drifts = driftOf(contract, readRecording(folder));
  if (drifts.length === 0) return;
  const lines = drifts.flatMap(({ name, version, released, diff }) => [
    `${name} ${version}${released === undefined ? '' : `, released in ${released}`}:`,
    ...diff.map((line) => `  ${line}`),
  ]);
  const shown = lines.length <= LINES ? lines : [...lines.slice(0, LINES), `... and ${lines.length - LINES} lines more`];
  const error = new LynchpinError(
    'CONTRACT_DRIFT',
    `${contract.record.name} is not what was released of the versions that it claims, by the recording in ${folder}.\n${shown.join('\n')}\nRaise the version and say since when it is so, or restore what was released; lynchpin compat check tells more. While you develop, LYNCHPIN_DRIFT=warn turns this into a warning`,
    { class: contract.record.name, topic: contract.topic, recording: folder, drifts },
  );
  const severity = drift ?? process.env['LYNCHPIN_DRIFT'];
  if (severity !== 'warn') throw error;
  process.emitWarning(error.message, { type: 'LynchpinWarning', code: error.code });
}

/** The nearest folder at or above a file that has a package.json. */
function packageOf(file: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  let folder: string;
  try {
    folder = dirname(realpathSync(file));
  } catch {
    return undefined;
  }
  while (!existsSync(join(folder, 'package.json'))) {
    const above = dirname(folder);
    if (above === folder) return undefined;
    folder = above;
  }
  return folder;
}
