import { LynchpinError } from '../errors/index.js';
import { compareVersions, isVersion, type Line, type Version } from '../versions/index.js';
import { highest } from './reading.js';

/**
 * What a pin set by hand means for a client: the highest version that it may use, or undefined when that is no limit.
 * It is a cap and forces nothing: where the servers read less, they decide.
 *
 * @param pin a version (`'3.2'`), or a release that `releases` knows (`'2025.1'`).
 * @param releases which version each release of the system spoke. A name in it wins over a version that looks the same.
 * @throws LynchpinError `DECLARATION` when it is neither, or older than everything that the client speaks.
 */
export function capOf(pin: string | undefined, line: Line, releases: Readonly<Record<string, Version>> = {}): Version | undefined {
  if (pin === undefined) return undefined;
  const version = Object.hasOwn(releases, pin) ? releases[pin] : pin;
  if (!isVersion(version)) {
    const known = Object.keys(releases);
    throw new LynchpinError(
      'DECLARATION',
      `the pin of ${line.of} must be a version from ${line}${known.length > 0 ? ` or one of the releases ${known.join(', ')}` : ' (no releases are named)'}; got ${JSON.stringify(pin)}`,
      { pin, releases: known },
    );
  }
  // One configuration serves several releases of the client: a cap above its newest version is no limit for this one.
  const most = highest(line.versions, (candidate) => compareVersions(candidate, version) <= 0);
  if (most === undefined) {
    throw new LynchpinError(
      'DECLARATION',
      `the pin of ${line.of} is set to ${version}, but this build speaks ${line}: set it to ${line.floor} or later, or run a build that still speaks ${version}`,
      { pin, version, floor: line.floor },
    );
  }
  return most === line.head ? undefined : most;
}
