import { basename } from 'node:path';
import { readTexts } from './disk.js';
import { parseRecording, type ParsedRecording } from './parse.js';
import { ENTRY_FOLDERS } from './paths.js';

/** The folder of a package in which its recording lies. */
export const RECORDING_FOLDER = 'compat';

/** A folder of recorded entries. */
export interface Recording extends ParsedRecording {
  readonly folder: string;
}

/**
 * Reads a recording. A folder that is not there is an empty one. What is wrong with files is in `files`, and never thrown.
 * @param folder where it lies, usually `compat` beside `package.json`.
 */
export function readRecording(folder: string): Recording {
  return { folder, ...parseRecording(readTexts(folder, ENTRY_FOLDERS), `${basename(folder)}/`) };
}
