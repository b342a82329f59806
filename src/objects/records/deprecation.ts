import { LynchpinError, type ErrorDetails } from '../../errors/index.js';
import { compareVersions, parseVersion, type Line, type Version } from '../../versions/index.js';
import { rejectUnknownOptions } from './suggest.js';

/** That a field or method is to be removed. It changes nothing on the wire; compatibility checks hold its author to it. */
export interface Deprecation {
  /** The version since which users are told. */
  readonly since: Version;
  /** What to use instead. */
  readonly use?: string;
  /** The version that removes it, and no earlier one may. */
  readonly removeIn?: Version;
}

const OPTIONS = ['since', 'use', 'removeIn'];

/** Checks as much as can be said without a line, and freezes it. @throws LynchpinError `DECLARATION`. */
export function deprecationOf(given: Deprecation | undefined, where: string, details: ErrorDetails): Deprecation | undefined {
  if (given === undefined) return undefined;
  rejectUnknownOptions(given, OPTIONS, `deprecated of ${where}`, details);
  const { since, use, removeIn } = given;
  parseVersion(since, `deprecated.since of ${where}`);
  if (removeIn !== undefined && compareVersions(parseVersion(removeIn, `deprecated.removeIn of ${where}`), since) <= 0)
    throw new LynchpinError(
      'DECLARATION',
      `${where} is deprecated since ${since} and is to be removed in ${removeIn}, which is not after that: users need a version in which they are told`,
      { ...details, since, removeIn },
    );
  return Object.freeze({ since, ...(use === undefined ? {} : { use }), ...(removeIn === undefined ? {} : { removeIn }) });
}

/**
 * Checks what depends on the line. A deprecation may be older than the floor: it goes on until the removal.
 * @param begins the first version that has what is deprecated, when it was not always there.
 * @throws LynchpinError `DECLARATION`.
 */
export function checkDeprecation(
  deprecated: Deprecation | undefined,
  line: Line,
  begins: Version | undefined,
  where: string,
  details: ErrorDetails,
): void {
  if (deprecated === undefined) return;
  const { since } = deprecated;
  if (!line.has(since) && compareVersions(since, line.floor) > 0)
    throw new LynchpinError(
      'DECLARATION',
      `deprecated.since of ${where} is ${since}, but the versions of ${line.of} are ${line}: raise the version of ${line.of}, or correct it`,
      { ...details, version: since },
    );
  if (begins !== undefined && compareVersions(since, begins) < 0)
    throw new LynchpinError(
      'DECLARATION',
      `${where} is deprecated since ${since}, but it begins only at ${begins}: correct one of the two`,
      {
        ...details,
        version: since,
      },
    );
}
