import { LynchpinError, type ErrorCode } from 'lynchpin';

/** Whether an error has the code, for `assert.rejects`. */
export const code =
  (expected: ErrorCode) =>
  (error: unknown): boolean =>
    LynchpinError.is(error, expected);
