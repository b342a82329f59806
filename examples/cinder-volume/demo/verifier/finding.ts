/** What a check has found: one sentence, and one for each fact that must not be. */
export interface Finding {
  readonly text: string;
  readonly violations: readonly string[];
}

/** `12,345`. */
export function grouped(count: number): string {
  return count.toLocaleString('en-US');
}

/** Numbers of a `MAJOR.MINOR` version; what is none is less than all. */
function numbers(version: string): readonly [number, number] {
  const match = /^(\d+)\.(\d+)$/.exec(version);
  return match === null ? [-1, -1] : [Number(match[1]), Number(match[2])];
}

/** Below 0 when the first is older. */
export function compare(one: string, other: string): number {
  const [major, minor] = numbers(one);
  const [otherMajor, otherMinor] = numbers(other);
  return major - otherMajor || minor - otherMinor;
}

/** Whether a version lies in a window, both ends included. */
export function within(version: string, { floor, newest }: { readonly floor: string; readonly newest: string }): boolean {
  return compare(version, floor) >= 0 && compare(version, newest) <= 0;
}
