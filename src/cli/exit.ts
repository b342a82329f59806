/** What a command ends with. Scripts rely on these numbers. */
export const EXIT = {
  /** Nothing to object to. */
  fine: 0,
  /** At least one finding of severity `error`; an action that was not confirmed, or was refused. */
  violations: 1,
  /** Nothing was checked or done: bad usage, bad settings, contracts that cannot be loaded, a broker that cannot be reached. */
  couldNotCheck: 2,
  /** There is nothing to compare with, or nothing is known of what runs: neither safe nor broken. */
  unknown: 3,
  /** `lynchpin upgrade-check` alone: something unexpected kept it from checking. It ends with 0 for ready, 1 for warnings, 2 for not ready. */
  unexpected: 255,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** What ends a command early: the text says what is the matter and what to do, in as many lines as that takes. */
export class Refusal extends Error {
  constructor(
    message: string,
    readonly code: ExitCode = EXIT.couldNotCheck,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}
