/** Whether one `MAJOR.MINOR` version is older than another. */
export function isOlder(version: string, other: string): boolean {
  return compareVersions(version, other) < 0;
}

/** Orders `MAJOR.MINOR` versions as numbers: 3.9 comes before 3.10. */
export function compareVersions(one: string, other: string): number {
  const [major = 0, minor = 0] = one.split('.').map(Number);
  const [otherMajor = 0, otherMinor = 0] = other.split('.').map(Number);
  return major - otherMajor || minor - otherMinor;
}
