import { join } from 'node:path';
import { LynchpinError } from '../../errors/index.js';
import type { Json } from '../../objects/index.js';
import { isVersion, type Version } from '../../versions/index.js';
import { canonical, digestOf } from '../facts/canonical.js';
import type { CorpusValue } from '../laws/law.js';
import { readTexts, removeFile, writeText } from './disk.js';
import { isGolden } from './goldens.js';
import { withoutMark } from './parse.js';
import { folderName, nameOf } from './paths.js';

/** The folder of a recording in which values are kept, as `corpus/NAME/VERSION/ANYTHING.json`. */
const FOLDER = 'corpus';

/**
 * Reads the values that a recording keeps: goldens of released versions, and what once broke a conversion.
 * @param folder the recording's.
 * @throws LynchpinError `DECLARATION` for a file that is no JSON, or does not lie where it says whose value it is.
 */
export function readCorpus(folder: string): readonly CorpusValue[] {
  return [...readTexts(join(folder, FOLDER))].map(([path, text]): CorpusValue => {
    const file = `${FOLDER}/${path}`;
    const [encoded = '', version, leaf = '', ...deeper] = path.split('/');
    const name = nameOf(encoded);
    if (name === undefined || !isVersion(version) || deeper.length > 0 || !leaf.endsWith('.json'))
      throw new LynchpinError('DECLARATION', `${file} of the recording must be called ${FOLDER}/NAME/VERSION/ANYTHING.json`, { file });
    return { name, version, file, value: parse(file, text) };
  });
}

/**
 * Keeps a value, so that it is tried in every run from now on. The same value is kept once.
 * @param folder the recording's.
 * @returns the new file, from the recording's folder; undefined when it was kept already.
 */
export function keepValue(folder: string, { name, version, value }: Omit<CorpusValue, 'file'>): string | undefined {
  const [, digest = ''] = digestOf(value).split(':');
  const file = `${FOLDER}/${folderName(name)}/${version}/${digest.slice(0, 16)}.json`;
  return writeText(join(folder, file), canonical(value)) ? file : undefined;
}

/**
 * Forgets the values that were kept of a version, but for its golden. A version that was never released changes its shape, and
 * nobody holds what it had before.
 * @returns the files that are gone, from the recording's folder.
 */
export function forgetValues(folder: string, name: string, version: Version): readonly string[] {
  const place = `${FOLDER}/${folderName(name)}/${version}`;
  const files = [...readTexts(join(folder, place)).keys()].map((leaf) => `${place}/${leaf}`).filter((file) => !isGolden(file));
  for (const file of files) removeFile(join(folder, file));
  return files;
}

function parse(file: string, text: string): Json {
  try {
    return JSON.parse(withoutMark(text)) as Json;
  } catch (cause) {
    throw new LynchpinError('DECLARATION', `${file} of the recording is no JSON: ${(cause as Error).message}`, { file }, { cause });
  }
}
