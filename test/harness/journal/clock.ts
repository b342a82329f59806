/**
 * Milliseconds on the machine's monotonic clock, the same in every process, with microseconds behind the point.
 * Wall clocks decide nothing here either: some runs move them on purpose.
 */
export function now(): number {
  return Number(process.hrtime.bigint() / 1_000n) / 1_000;
}
