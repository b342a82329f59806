// The one function: the package's index loads forty files.
import compare from 'semver/functions/compare.js';
import { LynchpinError } from '../errors/index.js';

/**
 * A version on the wire: `MAJOR.MINOR`, for example `3.10`. A minor only adds; a major may break.
 * It is text everywhere that people meet it; it is ordered by number, not by letter (3.10 comes after 3.9).
 */
export type Version = `${number}.${number}`;

const FORM = /^(0|[1-9]\d{0,4})\.(0|[1-9]\d{0,4})$/;

/** Whether the text is a well-formed version. */
export function isVersion(text: unknown): text is Version {
  return typeof text === 'string' && FORM.test(text);
}

/**
 * Reads a version.
 * @param what what the version belongs to, for the message: "the version of Volume".
 * @throws LynchpinError `DECLARATION` when the text is not `MAJOR.MINOR`.
 */
export function parseVersion(text: unknown, what = 'a version'): Version {
  if (isVersion(text)) return text;
  throw new LynchpinError('DECLARATION', `${what} must be written as MAJOR.MINOR, like "3.2"; got ${JSON.stringify(text) ?? String(text)}`);
}

/** Orders two versions: negative when `a` is older, 0 when they are the same, positive when `a` is newer. */
export function compareVersions(a: Version, b: Version): number {
  return compare(`${a}.0`, `${b}.0`);
}

/** The major number of a version. */
export function majorOf(version: Version): number {
  return Number(version.slice(0, version.indexOf('.')));
}

/** The minor number of a version. */
export function minorOf(version: Version): number {
  return Number(version.slice(version.indexOf('.') + 1));
}
