/** Flags of Node that say how modules are loaded, each with its value behind it or after `=`. */
const WITH_VALUE: ReadonlySet<string> = new Set(['--import', '--require', '-r', '--loader', '--experimental-loader', '--conditions', '-C']);
/** Such flags without a value. */
const ALONE = /^--(enable-source-maps|experimental-(strip|transform)-types|(no-)?preserve-symlinks|no-warnings)$/;

/**
 * Of the flags that a process was started with, those by which another one loads sources in the same way. The rest is the
 * process's own: what it evaluates, its debugger's port, its limits.
 */
export function loadingFlags(flags: readonly string[]): readonly string[] {
  return flags.flatMap((flag, at) => {
    const before = flags[at - 1];
    if (before !== undefined && WITH_VALUE.has(before)) return [flag];
    return WITH_VALUE.has(flag.replace(/=.*$/s, '')) || ALONE.test(flag) ? [flag] : [];
  });
}
