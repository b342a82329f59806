// The functions alone: the package's index loads forty files.
import coerce from 'semver/functions/coerce.js';
import parse from 'semver/functions/parse.js';
import satisfies from 'semver/functions/satisfies.js';

/**
 * Whether a release of some other program, such as a broker, lies in a range: `releaseWithin('4.2.6', '>=4.2.6 <4.2.7')`.
 * A pre-release comes before its release. Undefined when the text is no release.
 */
export function releaseWithin(release: string, range: string): boolean | undefined {
  const read = parse(release, { loose: true }) ?? coerce(release);
  return read === null ? undefined : satisfies(read, range, { includePrerelease: true });
}
