import { join } from 'node:path';
import { LynchpinError } from '../../errors/index.js';
import { canonical } from '../facts/canonical.js';
import { RULES } from '../rules/catalog.js';
import type { Acceptance } from '../settings/acceptance.js';
import { readText, writeText } from './disk.js';
import { withoutMark } from './parse.js';
import { isPlainObject } from './plain.js';

/** The file of a recording that says which findings are accepted. */
const ACCEPTED_FILE = 'accepted.json';

/** The number of the file's form. */
const FORMAT = 1;

const NEEDED = ['fingerprint', 'rule', 'subject', 'reason'] as const;
const OPTIONAL = ['author', 'expires'] as const;

/**
 * The findings that are accepted; none where there is no file.
 * @param folder the recording's.
 * @throws LynchpinError `DECLARATION` for a file that is no JSON or says something that is not understood: what silences a
 * finding must not be guessed.
 */
export function readAcceptances(folder: string): readonly Acceptance[] {
  const text = readText(join(folder, ACCEPTED_FILE));
  return text === undefined ? [] : parseAcceptances(text);
}

/** The same from the file's text. @throws LynchpinError `DECLARATION`. */
function parseAcceptances(text: string): readonly Acceptance[] {
  let json: unknown;
  try {
    json = JSON.parse(withoutMark(text));
  } catch (cause) {
    throw new LynchpinError('DECLARATION', `${ACCEPTED_FILE} of the recording is no JSON: ${(cause as Error).message}`, {}, { cause });
  }
  if (!isPlainObject(json) || json['format'] !== FORMAT || !Array.isArray(json['accepted']))
    throw new LynchpinError(
      'DECLARATION',
      `${ACCEPTED_FILE} of the recording must be { "format": ${FORMAT}, "accepted": [...] }; lynchpin compat accept writes it`,
    );
  return json['accepted'].map((one, at) => checked(one, `accepted[${at}] in ${ACCEPTED_FILE}`));
}

/** Accepts a finding, instead of what was accepted under the same fingerprint before. The file stays in order. */
export function addAcceptance(folder: string, acceptance: Acceptance): void {
  const one = checked(acceptance, 'an acceptance');
  const others = readAcceptances(folder).filter(({ fingerprint }) => fingerprint !== one.fingerprint);
  const accepted = [...others, one].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  writeText(join(folder, ACCEPTED_FILE), canonical({ format: FORMAT, accepted }));
}

function keyOf({ rule, subject, fingerprint }: Acceptance): string {
  return [rule, subject, fingerprint].join('\n');
}

function checked(given: unknown, where: string): Acceptance {
  const fail = (what: string): never => {
    throw new LynchpinError('DECLARATION', `${where} ${what}`);
  };
  if (!isPlainObject(given)) return fail('is no object');
  const known: readonly string[] = [...NEEDED, ...OPTIONAL];
  const unknown = Object.keys(given).find((key) => !known.includes(key));
  if (unknown !== undefined) fail(`has ${JSON.stringify(unknown)}, which nobody reads: ${known.join(', ')} are what there is`);
  for (const key of NEEDED) if (typeof given[key] !== 'string' || given[key].trim() === '') fail(`lacks ${key}`);
  for (const key of OPTIONAL) if (given[key] !== undefined && typeof given[key] !== 'string') fail(`has ${key}, but not as text`);
  if (!Object.hasOwn(RULES, given['rule'] as string)) fail(`names the rule ${String(given['rule'])}, which does not exist`);
  if (given['expires'] !== undefined && !isDay(given['expires'] as string))
    fail(`expires on ${JSON.stringify(given['expires'])}, which is no day as YYYY-MM-DD`);
  return given as unknown as Acceptance;
}

function isDay(text: string): boolean {
  const day = new Date(`${text}T00:00:00Z`);
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}
