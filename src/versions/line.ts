import { LynchpinError } from '../errors/index.js';
import { compareVersions, majorOf, minorOf, parseVersion, type Version } from './version.js';

/**
 * The ordered versions of one thing (an API, an object), oldest first. A line answers the questions that come up
 * while plans are compiled; its positions are plain indexes, so that nothing on a hot path compares text.
 */
export class Line {
  /** Every version, oldest first. Frozen. */
  readonly versions: readonly Version[];
  readonly #index: ReadonlyMap<string, number>;

  /**
   * @param of what the line belongs to, for messages: "VolumeApi".
   * @throws LynchpinError `DECLARATION` when empty, out of order or with a version twice.
   */
  constructor(
    readonly of: string,
    versions: readonly Version[],
  ) {
    versions.forEach((version, at) => {
      parseVersion(version, `a version of ${of}`);
      const before = versions[at - 1];
      if (before !== undefined && compareVersions(before, version) >= 0) {
        throw new LynchpinError('DECLARATION', `the versions of ${of} must ascend, but ${version} comes after ${before}`);
      }
    });
    if (versions.length === 0) throw new LynchpinError('DECLARATION', `${of} has no versions`);
    this.versions = Object.freeze([...versions]);
    this.#index = new Map(versions.map((version, at) => [version, at]));
  }

  /**
   * The line from a floor to a version, with every minor between. Where the floor lies in an earlier major, `previous`
   * names the last minor of each earlier major: `{ 2: '2.17' }`.
   */
  static between(of: string, floor: Version, version: Version, previous: Readonly<Record<number, Version>> = {}): Line {
    parseVersion(floor, `the floor of ${of}`);
    parseVersion(version, `the version of ${of}`);
    if (compareVersions(floor, version) > 0) {
      throw new LynchpinError('DECLARATION', `the floor of ${of} is ${floor}, above its version ${version}`);
    }
    const versions: Version[] = [];
    for (let major = majorOf(floor); major <= majorOf(version); major++) {
      const first = major === majorOf(floor) ? minorOf(floor) : 0;
      const last = major === majorOf(version) ? version : previous[major];
      if (last === undefined) {
        throw new LynchpinError(
          'DECLARATION',
          `the floor of ${of} is ${floor}, in an earlier major than its version ${version}: say which minor was the last of each earlier one, as in previous: { ${major}: '${major}.17' }`,
        );
      }
      if (majorOf(last) !== major || minorOf(last) < first) {
        throw new LynchpinError('DECLARATION', `previous of ${of} says that ${last} was the last of major ${major}`);
      }
      for (let minor = first; minor <= minorOf(last); minor++) versions.push(`${major}.${minor}`);
    }
    return new Line(of, versions);
  }

  /** The oldest version. */
  get floor(): Version {
    return this.versions[0] as Version;
  }

  /** The newest version. */
  get head(): Version {
    return this.versions[this.versions.length - 1] as Version;
  }

  /** Whether the version is one of the line's. */
  has(version: string): version is Version {
    return this.#index.has(version);
  }

  /** The version's position, 0 for the floor; -1 when it is not on the line. */
  indexOf(version: string): number {
    return this.#index.get(version) ?? -1;
  }

  /** The next older version, or undefined at the floor. */
  before(version: Version): Version | undefined {
    return this.versions[this.indexOf(version) - 1];
  }

  /** The next newer version, or undefined at the head. */
  after(version: Version): Version | undefined {
    const at = this.indexOf(version);
    return at < 0 ? undefined : this.versions[at + 1];
  }

  /** For messages: "3.0 to 3.4". */
  toString(): string {
    return this.versions.length === 1 ? this.head : `${this.floor} to ${this.head}`;
  }
}
